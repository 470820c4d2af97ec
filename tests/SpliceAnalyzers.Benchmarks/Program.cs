using System;
using SpliceAnalyzers.KernelModel;

Console.WriteLine($"One slot of a pipe refers to at most {PageSize.Bytes} bytes. No benchmark is written yet.");
