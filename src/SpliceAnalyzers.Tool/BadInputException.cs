using System;

namespace SpliceAnalyzers.Tool;

/// <summary>Something is wrong with what the user gave; the message says what, why, and what to do.</summary>
internal sealed class BadInputException(string message) : Exception(message);
