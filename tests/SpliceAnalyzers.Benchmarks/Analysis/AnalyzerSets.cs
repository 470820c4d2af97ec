using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.Rules;
using SpliceAnalyzers.Tests;

namespace SpliceAnalyzers.Benchmarks.Analysis;

/// <summary>The analyzers that are compared.</summary>
internal static class AnalyzerSets
{
    /// <summary>Registers nothing: what remains is the compiler and its driver.</summary>
    public static ImmutableArray<DiagnosticAnalyzer> Nothing { get; } = [new IdleAnalyzer()];

    /// <summary>One action for operation blocks, with nothing in it: the least that an analyzer costs which looks at code.</summary>
    public static ImmutableArray<DiagnosticAnalyzer> Empty { get; } = [new EmptyAnalyzer()];

    /// <summary>All of this repository.</summary>
    public static ImmutableArray<DiagnosticAnalyzer> Ours { get; } = [.. In(typeof(HandOffAnalyzer).Assembly)];

    /// <summary>Microsoft.CodeAnalysis.NetAnalyzers, each rule enabled or not as it is by itself, which is the SDK's default set.</summary>
    public static ImmutableArray<DiagnosticAnalyzer> Net { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Metadata("NetAnalyzers"), "analyzers", "dotnet", "cs"), "*.dll").Order(StringComparer.Ordinal).SelectMany(static path => In(Assembly.LoadFrom(path)))];

    private static IEnumerable<DiagnosticAnalyzer> In(Assembly assembly) => assembly.GetTypes()
        .Where(static type => !type.IsAbstract && type.GetCustomAttribute<DiagnosticAnalyzerAttribute>() is { } attribute && attribute.Languages.Contains("C#"))
        .OrderBy(static type => type.FullName, StringComparer.Ordinal).Select(static type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!);
}
