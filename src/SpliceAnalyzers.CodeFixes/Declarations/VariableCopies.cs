using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.HandOffs;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>Constants, variables and properties that serve a call of vmsplice, copied for the function that is called instead: each copy stands beside its original.</summary>
internal abstract class VariableCopies(HandOff handOff, NativeFunction function, NewNames names, CancellationToken cancellationToken)
{
    private readonly List<NewDeclaration> declarations = [];
    private readonly List<ISymbol> leftovers = [];
    private readonly HashSet<ISymbol> open = new(SymbolEqualityComparer.Default);

    /// <summary>What has to be declared.</summary>
    public IReadOnlyList<NewDeclaration> Declarations => declarations;

    /// <summary>What was copied and may not be needed any more.</summary>
    public IReadOnlyList<ISymbol> Leftovers => leftovers;

    protected HandOff HandOff => handOff;

    protected NativeFunction Function => function;

    protected CancellationToken Cancellation => cancellationToken;

    protected AssignedOnce Values { get; } = new(handOff.Model.Compilation, cancellationToken);

    /// <summary>Adds the changes that make the value serve the other function; false where that cannot be.</summary>
    protected abstract Task<bool> ChangeAsync(ExpressionSyntax value, SemanticModel model, List<TextChange> changes);

    /// <summary>What else changes in the declaration of a variable: its type, for one.</summary>
    protected virtual Task<bool> ChangeTypesAsync(SyntaxNode whole, SemanticModel model, List<TextChange> changes) => Task.FromResult(true);

    /// <summary>Adds the change of a reference to a variable into one to its copy; false where it cannot be copied.</summary>
    protected async Task<bool> RenameAsync(ExpressionSyntax reference, ISymbol variable, List<TextChange> changes)
    {
        if (await SourceDeclaration.FindAsync(handOff.Document.Project.Solution, variable, cancellationToken).ConfigureAwait(false) is not { } original
            || ValueOf(variable, original) is not { } value)
        {
            return false;
        }

        // A property can be made of itself.
        if (!open.Add(variable))
            return false;
        List<TextChange> inside = [];
        bool isChanged = await ChangeAsync(value, original.Model, inside).ConfigureAwait(false) && await ChangeTypesAsync(original.Syntax, original.Model, inside).ConfigureAwait(false);
        open.Remove(variable);
        if (!isChanged)
            return false;
        Add(original, name => NewDeclaration.Changed(original, name, inside.Append(new TextChange(original.Name.Span, name)), function), reference, changes);
        return true;
    }

    /// <summary>Adds a declaration beside its original, or finds that it is there already, and names it.</summary>
    protected void Add(SourceDeclaration original, System.Func<string, NewDeclaration> copy, ExpressionSyntax reference, List<TextChange> changes)
    {
        NewDeclaration declaration = names.Choose(function.NameLike(original.Symbol.Name), candidate => IsFree(candidate, original, copy), copy, types: null);
        changes.Add(new TextChange(reference.GetLastToken().Span, declaration.Name));
        leftovers.Add(original.Symbol);
        if (NewNames.IsFree(declaration.Name, original) && declarations.All(other => other.Beside.Syntax != original.Syntax))
            declarations.Add(declaration);
    }

    /// <summary>Says that the change may leave the symbol without a use.</summary>
    protected void AddLeftover(ISymbol symbol) => leftovers.Add(symbol);

    /// <summary>A name is free, too, where the same copy has it.</summary>
    private bool IsFree(string name, SourceDeclaration original, System.Func<string, NewDeclaration> copy) =>
        NewNames.Taking(name, original).All(taking => IsCopy(taking, copy(name).Text));

    private bool IsCopy(ISymbol taking, string text) =>
        taking.DeclaringSyntaxReferences is [{ } reference] && SourceDeclaration.Of(taking, reference.GetSyntax(cancellationToken))?.ToString() == text;

    /// <summary>What the declaration itself gives the variable, if nothing else gives it anything.</summary>
    private ExpressionSyntax? ValueOf(ISymbol variable, SourceDeclaration declaration)
    {
        ExpressionSyntax? written = declaration.Syntax switch
        {
            FieldDeclarationSyntax field => field.Declaration.Variables[0].Initializer?.Value,
            LocalDeclarationStatementSyntax local => local.Declaration.Variables[0].Initializer?.Value,
            PropertyDeclarationSyntax { ExpressionBody: { } arrow } => arrow.Expression,
            PropertyDeclarationSyntax { Initializer: { } initializer } => initializer.Value,
            _ => null,
        };
        bool isOnly = variable is IFieldSymbol { IsConst: true } or ILocalSymbol { IsConst: true } || Values.ValuesOf(variable) is [var only] && written?.Span.Contains(only.Syntax.Span) == true;
        return isOnly ? written : null;
    }
}
