using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.Edits;
using SpliceAnalyzers.CodeFixes.HandOffs;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>
/// vmsplice was loaded by its name into a pointer or a delegate: the other function is loaded in the same way, by code of its own beside. The
/// copy has the pointer's type and the delegate's with one parameter more or less.
/// </summary>
internal sealed class ExportCopy : VariableCopies
{
    private bool hasType;

    private ExportCopy(HandOff handOff, NativeFunction function, NewNames names, CancellationToken cancellationToken)
        : base(handOff, function, names, cancellationToken)
    {
    }

    /// <summary>Null where the way from the call back to the name is not all in initialisers.</summary>
    public static async Task<Callee?> FindAsync(HandOff handOff, NativeFunction function, NewNames names, CancellationToken cancellationToken)
    {
        var copy = new ExportCopy(handOff, function, names, cancellationToken);
        ExpressionSyntax callee = CalleeOrigin.Callee(handOff);
        List<TextChange> changes = [];
        bool isCopied = await copy.ChangeAsync(callee, handOff.Model, changes).ConfigureAwait(false)
            && await copy.ChangeTypesAsync(callee, handOff.Model, changes).ConfigureAwait(false);
        if (!isCopied || !copy.hasType)
            return null;
        return new Callee(
            ChangedText.Of(handOff.Syntax.SyntaxTree, handOff.Syntax.Expression.Span, changes),
            NewDeclaration.ParameterNames(handOff.Function, function, segment: null),
            NewDeclaration.ParameterTypes(handOff.Function, function, segment: null, handOff.Model.Compilation),
            handOff.Function.ReturnType,
            copy.Declarations,
            copy.Leftovers);
    }

    protected override async Task<bool> ChangeAsync(ExpressionSyntax value, SemanticModel model, List<TextChange> changes)
    {
        if (Values.OperationOf(value) is not { } operation)
            return false;
        IOperation source = AssignedOnce.Strip(operation);
        switch (source)
        {
            case IInvocationOperation { TargetMethod.Name: "GetDelegateForFunctionPointer" } call when call.Arguments[0].Value.Syntax is ExpressionSyntax pointer:
                return await ChangeAsync(pointer, model, changes).ConfigureAwait(false);
            case IInvocationOperation { Arguments: [_, { Value: { ConstantValue: { HasValue: true, Value: NativeFunction.Vmsplice }, Syntax: var name } }] }:
                changes.Add(new TextChange(name.Span, $"\"{Function.EntryPoint}\""));
                return true;
        }

        return CalleeOrigin.VariableOf(source) is { } variable && source.Syntax is ExpressionSyntax reference && await RenameAsync(reference, variable, changes).ConfigureAwait(false);
    }

    protected override async Task<bool> ChangeTypesAsync(SyntaxNode whole, SemanticModel model, List<TextChange> changes)
    {
        if (HandOff.Native.Call is IFunctionPointerInvocationOperation { Target.Type: { } type })
        {
            foreach (FunctionPointerTypeSyntax pointer in whole.DescendantNodesAndSelf().OfType<FunctionPointerTypeSyntax>())
            {
                if (SymbolEqualityComparer.Default.Equals(model.GetTypeInfo(pointer, Cancellation).Type, type))
                    ChangePointer(pointer, changes);
            }

            return true;
        }

        INamedTypeSymbol declared = HandOff.Function.ContainingType;
        SimpleNameSyntax[] names = [.. whole.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == declared.Name && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, Cancellation).Symbol, declared))];
        if (names.Length == 0)
            return true;
        if (await SourceDeclaration.FindAsync(HandOff.Document.Project.Solution, declared, Cancellation).ConfigureAwait(false) is not { } original)
            return false;
        foreach (SimpleNameSyntax name in names)
            Add(original, newName => NewDeclaration.Like(original, Function, newName, segment: null), name, changes);
        hasType = true;
        return true;
    }

    private void ChangePointer(FunctionPointerTypeSyntax pointer, List<TextChange> changes)
    {
        SeparatedSyntaxList<FunctionPointerParameterSyntax> parameters = pointer.ParameterList.Parameters;
        FunctionPointerParameterSyntax count = parameters[(int)VmspliceParameter.Count];
        FunctionPointerParameterSyntax flags = parameters[(int)VmspliceParameter.Flags];
        changes.Add(new TextChange(count.Span, "int"));
        changes.Add(Function.HasOffset ? new TextChange(flags.Span, "long, int") : new TextChange(TextSpan.FromBounds(count.Span.End, flags.Span.End), ""));
        hasType = true;
    }
}
