using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.Rules;

/// <summary>
/// Holds declarations against the table of native functions. By semantic model: symbol actions would leave out a LibraryImport method,
/// because its other half says that it is generated.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DeclarationAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Descriptors.Declarations;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (NativeMentions.Any(start.Compilation, NativeMention.HandOff | NativeMention.Function, start.CancellationToken))
                start.RegisterSemanticModelAction(Check);
        });
    }

    private static void Check(SemanticModelAnalysisContext context)
    {
        SyntaxTree tree = context.SemanticModel.SyntaxTree;
        DeclarationIndex index = DeclarationIndex.Of(context.SemanticModel.Compilation, context.CancellationToken);
        var layout = new NativeLayout(context.SemanticModel.Compilation);
        foreach (PlacedDeclaration placed in index.Declarations.Where(placed => placed.Place.SourceTree == tree))
        {
            if (SignatureDiagnostic(placed, context.SemanticModel.Compilation, layout) is { } differs)
                context.ReportDiagnostic(differs);
            if (ErrorDiagnostic(placed) is { } unreadable)
                context.ReportDiagnostic(unreadable);
        }

        // A structure of another project is reported at the declarations that use it.
        foreach (INamedTypeSymbol type in index.SegmentTypes)
        {
            if (type.Locations.FirstOrDefault(location => location.IsInSource) is { } place && place.SourceTree == tree && SegmentLayout.FaultOf(type, layout) is { } fault)
                context.ReportDiagnostic(Diagnostic.Create(Descriptors.SignatureDiffers, place, type.Name, "struct iovec of readv(2)", fault));
        }
    }

    private static Diagnostic? SignatureDiagnostic(PlacedDeclaration placed, Compilation compilation, NativeLayout layout)
    {
        NativeDeclaration declaration = placed.Declaration;
        List<string> faults = [.. new SignatureCheck(layout).FaultsOf(declaration).Select(fault => fault.Text)];
        if (SignatureCheck.SegmentType(declaration) is { } type && !type.Locations.Any(location => location.SourceTree is { } tree && compilation.ContainsSyntaxTree(tree)) && SegmentLayout.FaultOf(type, layout) is { } wrongSegment)
            faults.Add(wrongSegment);
        return faults.Count == 0
            ? null
            : Diagnostic.Create(Descriptors.SignatureDiffers, placed.Place, declaration.Name, declaration.Signature.ManualPage, string.Join("; ", faults));
    }

    private static Diagnostic? ErrorDiagnostic(PlacedDeclaration placed)
    {
        NativeDeclaration declaration = placed.Declaration;
        if (!declaration.Signature.NeedsLastError || declaration.KeepsLastError)
            return null;
        if (declaration.Marshalling != MarshalledBy.Nobody)
            return Diagnostic.Create(Descriptors.ErrorsUnreadable, placed.Place, declaration.Name, "the declaration lacks SetLastError = true");
        return ReadsErrors(placed.Scope) ? null : Diagnostic.Create(Descriptors.ErrorsUnreadable, placed.Place, declaration.Name, "nobody calls Marshal.GetLastSystemError after it");
    }

    private static bool ReadsErrors(SyntaxNode? scope) =>
        scope is not null && scope.DescendantNodes().OfType<SimpleNameSyntax>().Any(name => name.Identifier.ValueText == "GetLastSystemError");
}
