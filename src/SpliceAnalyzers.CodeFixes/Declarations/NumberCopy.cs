using System;
using System.Collections.Generic;
using System.Globalization;
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

/// <summary>The number of vmsplice becomes the other function's, for each architecture that it was chosen for.</summary>
internal sealed class NumberCopy : VariableCopies
{
    private static readonly SystemCallNumbers Vmsplice = NativeSignatures.Find(NativeFunction.Vmsplice)!.Numbers;

    private readonly SystemCallNumbers numbers;

    private NumberCopy(HandOff handOff, NativeFunction function, NewNames names, CancellationToken cancellationToken)
        : base(handOff, function, names, cancellationToken) => numbers = NativeSignatures.Find(function.EntryPoint)!.Numbers;

    /// <summary>The number as it is passed; null where some of its values cannot be told, or belong to an architecture that the table does not have.</summary>
    public static async Task<(Operand Number, NumberCopy Copy)?> FindAsync(HandOff handOff, NativeFunction function, NewNames names, CancellationToken cancellationToken)
    {
        if (handOff.WrittenNumber is not { Expression: var number })
            return null;
        var copy = new NumberCopy(handOff, function, names, cancellationToken);
        List<TextChange> changes = [];
        if (!await copy.ChangeAsync(number, handOff.Model, changes).ConfigureAwait(false) || changes.Count == 0)
            return null;
        string text = ChangedText.Of(number.SyntaxTree, number.Span, changes);
        bool isLiteral = changes is [{ Span: var span, NewText: [>= '0' and <= '9', ..] }] && span == number.Span;
        Operand operand = isLiteral ? new NumberOperand(text, NumberKind.Constant) : new ReadOperand(text, handOff.Model.GetTypeInfo(number, cancellationToken).ConvertedType!);
        return (operand, copy);
    }

    protected override async Task<bool> ChangeAsync(ExpressionSyntax value, SemanticModel model, List<TextChange> changes)
    {
        switch (value)
        {
            case ParenthesizedExpressionSyntax parenthesized:
                return await ChangeAsync(parenthesized.Expression, model, changes).ConfigureAwait(false);
            case CastExpressionSyntax cast:
                return await ChangeAsync(cast.Expression, model, changes).ConfigureAwait(false);
            case ThrowExpressionSyntax:
                return true;
            case ConditionalExpressionSyntax choice:
                return await ChangeAllAsync([choice.WhenTrue, choice.WhenFalse], model, changes).ConfigureAwait(false);
            case SwitchExpressionSyntax choice:
                return await ChangeAllAsync(choice.Arms.Select(arm => arm.Expression), model, changes).ConfigureAwait(false);
        }

        if (model.GetConstantValue(value, Cancellation) is { HasValue: true, Value: IConvertible and not string } constant)
            return await ChangeConstantAsync(value, Convert.ToInt64(constant.Value, CultureInfo.InvariantCulture), model, changes).ConfigureAwait(false);
        if (model.GetOperation(value, Cancellation) is not { } operation || CalleeOrigin.VariableOf(operation) is not { } variable)
            return false;
        return variable.Locations.Any(location => location.IsInSource)
            ? await RenameAsync(value, variable, changes).ConfigureAwait(false)
            : ChangeBinding(value, variable, changes);
    }

    private async Task<bool> ChangeAllAsync(IEnumerable<ExpressionSyntax> values, SemanticModel model, List<TextChange> changes)
    {
        foreach (ExpressionSyntax value in values)
        {
            if (!await ChangeAsync(value, model, changes).ConfigureAwait(false))
                return false;
        }

        return true;
    }

    /// <summary>A constant that is named after vmsplice gets a sibling; any other number is written out. A negative one is no call anywhere.</summary>
    private async Task<bool> ChangeConstantAsync(ExpressionSyntax value, long number, SemanticModel model, List<TextChange> changes)
    {
        if (number < 0)
            return true;
        if (NumberFor(number) is not { } other)
            return false;
        ISymbol? constant = value is IdentifierNameSyntax or MemberAccessExpressionSyntax ? model.GetSymbolInfo(value, Cancellation).Symbol : null;
        if (constant is not null && IsNamedAfterVmsplice(constant) && await RenameAsync(value, constant, changes).ConfigureAwait(false))
            return true;
        changes.Add(new TextChange(value.Span, other.ToString(CultureInfo.InvariantCulture) + (constant is null ? "" : $" /* {Function.EntryPoint} */")));
        if (constant is not null)
            AddLeftover(constant);
        return true;
    }

    private int? NumberFor(long vmsplice)
    {
        if (vmsplice == Vmsplice.X64)
            return numbers.X64;
        if (vmsplice == Vmsplice.Arm64)
            return numbers.Arm64;
        return vmsplice == Vmsplice.X86 ? numbers.X86 : null;
    }

    private static bool IsNamedAfterVmsplice(ISymbol constant) =>
        constant.ContainingType?.TypeKind != TypeKind.Enum && constant.Name.IndexOf(NativeFunction.Vmsplice, StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary>A binding has all numbers under names that differ in the function's only.</summary>
    private bool ChangeBinding(ExpressionSyntax reference, ISymbol variable, List<TextChange> changes)
    {
        string name = variable.Name.Replace(NativeFunction.Vmsplice, Function.EntryPoint);
        if (name == variable.Name || variable.ContainingType.GetMembers(name).IsEmpty)
            return false;
        changes.Add(new TextChange(reference.GetLastToken().Span, name));
        return true;
    }
}
