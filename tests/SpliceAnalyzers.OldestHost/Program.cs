using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SpliceAnalyzers.OldestHost;

/// <summary>
/// Loads the assemblies of a folder as the compiler does, analyses sources, each by itself, and prints the diagnostics; then, as an editor does, prints
/// the last source with the first fix for the diagnostic of that id. Nothing but Roslyn 4.8 is there to load from.
/// </summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments.Length < 3)
        {
            await Console.Error.WriteLineAsync("Usage: OldestHost FOLDER ID SOURCE...");
            return 2;
        }

        var loader = new AnalyzerLoader(arguments[0]);
        ImmutableArray<DiagnosticAnalyzer> analyzers = loader.Analyzers();
        Console.WriteLine($"Roslyn {typeof(CSharpCompilation).Assembly.GetName().Version!.ToString(3)}");
        foreach (string path in arguments[2..])
            await AnalyseAsync(path, analyzers);
        Console.WriteLine("Workspaces is loaded: " + AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name!.EndsWith("Workspaces", StringComparison.Ordinal)));

        Console.WriteLine(await Editor.FixAsync(await File.ReadAllTextAsync(arguments[^1]), arguments[1], analyzers, loader));
        return 0;
    }

    private static async Task AnalyseAsync(string path, ImmutableArray<DiagnosticAnalyzer> analyzers)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(await File.ReadAllTextAsync(path), path: Path.GetFileName(path));
        CSharpCompilation compilation = CSharpCompilation.Create("Analysed", [tree], References, Options);
        foreach (Diagnostic diagnostic in compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
            Console.WriteLine(diagnostic);
        foreach (Diagnostic diagnostic in await compilation.WithAnalyzers(analyzers).GetAnalyzerDiagnosticsAsync())
            Console.WriteLine(diagnostic);
    }

    public static CSharpCompilationOptions Options { get; } = new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true);

    /// <summary>The framework that this program runs on.</summary>
    public static ImmutableArray<MetadataReference> References { get; } =
    [
        .. from path in Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System.*.dll")
           where !path.EndsWith(".Native.dll", StringComparison.Ordinal)
           select MetadataReference.CreateFromFile(path)
    ];
}
