using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SpliceAnalyzers.Tests.Lifetime;
using SpliceAnalyzers.Tests.Verification;

namespace SpliceAnalyzers.Tests.Robustness;

/// <summary>The C# of this repository: its files, and the programs that are text in the tests of the lifetime rules.</summary>
internal static class Corpus
{
    private static readonly string[] Folders = ["src", "tests", "samples"];

    /// <summary>What stands in for the holes of an interpolated text: nothing that matters, but something.</summary>
    private const string Hole = "default";

    public static IReadOnlyList<string> Files { get; } =
    [
        .. Folders.SelectMany(static folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(static path => !path.Split(Path.DirectorySeparatorChar).Any(static part => part is "obj" or "bin")).Order(StringComparer.Ordinal).Select(File.ReadAllText),
    ];

    /// <summary>The usings and declarations that <see cref="Programs"/> share.</summary>
    public static string Common { get; } = string.Join('\n', Prelude.Text.Split('\n').Select(static line => line.StartsWith("using ", StringComparison.Ordinal) ? "global " + line : line));

    /// <summary>Types that hand memory off, for a namespace behind <see cref="Common"/>.</summary>
    public static IReadOnlyList<string> Programs { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "SpliceAnalyzers.Tests", "Lifetime"), "*Tests.cs").Order(StringComparer.Ordinal)
            .SelectMany(static path => Texts(File.ReadAllText(path))).Where(static text => text.Contains("splice(", StringComparison.Ordinal) && text.Contains('\n')).Select(AsTypes),
    ];

    private static IEnumerable<string> Texts(string source)
    {
        foreach (SyntaxNode node in CSharpSyntaxTree.ParseText(source, TestCompilation.ParseOptions).GetRoot().DescendantNodes())
        {
            if (node is LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } literal)
                yield return WithoutMarks(literal.Token.ValueText);
            else if (node is InterpolatedStringExpressionSyntax interpolated)
                yield return WithoutMarks(string.Concat(interpolated.Contents.Select(static c => c is InterpolatedStringTextSyntax text ? text.TextToken.ValueText : Hole)));
        }
    }

    private static string WithoutMarks(string text)
    {
        for (int at = text.IndexOf("{|", StringComparison.Ordinal); at >= 0; at = text.IndexOf("{|", StringComparison.Ordinal))
            text = text.Remove(at, text.IndexOf(':', at) + 1 - at);
        return text.Replace("|}", "");
    }

    private static string AsTypes(string text) =>
        text.Contains("class ", StringComparison.Ordinal) || text.Contains("struct ", StringComparison.Ordinal) ? text : $"internal static unsafe class Program\n{{\n{text}\n}}";
}
