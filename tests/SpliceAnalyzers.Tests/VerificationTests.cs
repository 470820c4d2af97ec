using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.Tests.Verification;
using Xunit;

namespace SpliceAnalyzers.Tests;

/// <summary>The bench itself: does it report what an analyzer reports, and does [LibraryImport] compile.</summary>
public class VerificationTests
{
    private const string Declaration = """
        using System.Runtime.InteropServices;

        unsafe partial class Native
        {
            [LibraryImport("libc", SetLastError = true)]
            public static partial nint write(int fd, void* buffer, nuint count);

            public static void Run(byte* p) => [|write(1, p, 1)|];
        }
        """;

    [Fact]
    public Task A_marked_call_is_found() => AnalyzerVerifier<CallsToWrite>.VerifyAsync("""
        class C
        {
            static void write() { }
            static void Run() => [|write()|];
        }
        """);

    [Fact]
    public Task The_library_import_generator_runs() => AnalyzerVerifier<CallsToWrite>.VerifyWithLibraryImportAsync(Declaration);

#pragma warning disable RS1036, RS1038, RS1041, RS2008 // These ask for what an analyzer that ships needs. This one does not ship.
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    public sealed class CallsToWrite : DiagnosticAnalyzer
    {
        private static readonly DiagnosticDescriptor Rule = new("TEST1", "Call", "Call", "Test", DiagnosticSeverity.Warning, true);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

        public override void Initialize(AnalysisContext context)
        {
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.EnableConcurrentExecution();
            context.RegisterOperationAction(
                c =>
                {
                    if (((IInvocationOperation)c.Operation).TargetMethod.Name == "write")
                        c.ReportDiagnostic(Microsoft.CodeAnalysis.Diagnostic.Create(Rule, c.Operation.Syntax.GetLocation()));
                },
                OperationKind.Invocation);
        }
    }
#pragma warning restore RS1036, RS1038, RS1041, RS2008
}
