using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SpliceAnalyzers.CodeFixes.HandOffs;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>What the source says of a symbol that a call goes through: a native method or local function, a delegate type, or a variable that holds a pointer, a delegate or a number.</summary>
internal sealed record SourceDeclaration(Document Document, SemanticModel Model, SyntaxNode Syntax, ISymbol Symbol)
{
    /// <summary>The parameters of a method, a local function or a delegate type.</summary>
    public ParameterListSyntax ParameterList => Syntax switch
    {
        MethodDeclarationSyntax method => method.ParameterList,
        LocalFunctionStatementSyntax function => function.ParameterList,
        DelegateDeclarationSyntax type => type.ParameterList,
        _ => throw new System.InvalidOperationException($"{Syntax.GetType().Name} declares no function."),
    };

    public SyntaxToken Name => Syntax switch
    {
        MethodDeclarationSyntax method => method.Identifier,
        LocalFunctionStatementSyntax function => function.Identifier,
        DelegateDeclarationSyntax type => type.Identifier,
        PropertyDeclarationSyntax property => property.Identifier,
        FieldDeclarationSyntax variable => variable.Declaration.Variables[0].Identifier,
        LocalDeclarationStatementSyntax local => local.Declaration.Variables[0].Identifier,
        _ => throw new System.InvalidOperationException($"{Syntax.GetType().Name} declares nothing that a call goes through."),
    };

    public SyntaxTokenList Modifiers => Syntax switch
    {
        MemberDeclarationSyntax member => member.Modifiers,
        LocalFunctionStatementSyntax function => function.Modifiers,
        LocalDeclarationStatementSyntax local => local.Modifiers,
        _ => default,
    };

    public SyntaxList<AttributeListSyntax> AttributeLists => Syntax switch
    {
        MemberDeclarationSyntax member => member.AttributeLists,
        StatementSyntax statement => statement.AttributeLists,
        _ => default,
    };

    /// <summary>True for local functions and local variables.</summary>
    public bool IsLocal => Syntax is StatementSyntax;

    /// <summary>The node that stands among the declarations beside it.</summary>
    public SyntaxNode Whole => Syntax.Parent is GlobalStatementSyntax global ? global : Syntax;

    /// <summary>Null for a symbol of metadata or of generated code, beside which nothing can be written, and for one that shares its declaration.</summary>
    public static async Task<SourceDeclaration?> FindAsync(Solution solution, ISymbol symbol, CancellationToken cancellationToken)
    {
        ISymbol definition = symbol is IMethodSymbol { PartialDefinitionPart: { } part } ? part : symbol;
        if (definition.DeclaringSyntaxReferences.FirstOrDefault() is not { } reference
            || solution.GetDocument(reference.SyntaxTree) is not { } document
            || document is SourceGeneratedDocument)
        {
            return null;
        }

        SyntaxNode declared = await reference.GetSyntaxAsync(cancellationToken).ConfigureAwait(false);
        SemanticModel? model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        return Of(definition, declared) is { } syntax && model is not null ? new SourceDeclaration(document, model, syntax, definition) : null;
    }

    /// <summary>The member or statement that declares the symbol and nothing else.</summary>
    public static SyntaxNode? Of(ISymbol symbol, SyntaxNode declared) => symbol switch
    {
        ILocalSymbol local => LocalUses.OwnStatement(local),
        IFieldSymbol => declared.Parent is VariableDeclarationSyntax { Variables.Count: 1, Parent: FieldDeclarationSyntax field } ? field : null,
        IMethodSymbol => declared is MethodDeclarationSyntax or LocalFunctionStatementSyntax ? declared : null,
        INamedTypeSymbol or IPropertySymbol => declared is MemberDeclarationSyntax ? declared : null,
        _ => null,
    };
}
