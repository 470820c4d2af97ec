using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SpliceAnalyzers.CodeFixes.Declarations;

/// <summary>The source of a native function's declaration: a method of a type, or a local function of a top-level program.</summary>
internal sealed record ImportDeclaration(Document Document, SemanticModel Model, SyntaxNode Syntax, IMethodSymbol Function)
{
    public ParameterListSyntax ParameterList => Syntax switch
    {
        MethodDeclarationSyntax method => method.ParameterList,
        LocalFunctionStatementSyntax function => function.ParameterList,
        _ => throw new System.InvalidOperationException($"{Syntax.GetType().Name} declares no native function."),
    };

    public SyntaxToken Name => Syntax is MethodDeclarationSyntax method ? method.Identifier : ((LocalFunctionStatementSyntax)Syntax).Identifier;

    public SyntaxTokenList Modifiers => Syntax is MethodDeclarationSyntax method ? method.Modifiers : ((LocalFunctionStatementSyntax)Syntax).Modifiers;

    public SyntaxList<AttributeListSyntax> AttributeLists => Syntax is MethodDeclarationSyntax method ? method.AttributeLists : ((LocalFunctionStatementSyntax)Syntax).AttributeLists;

    public bool IsLocal => Syntax is LocalFunctionStatementSyntax;

    /// <summary>The node that stands among the declarations beside it.</summary>
    public SyntaxNode Whole => Syntax.Parent is GlobalStatementSyntax global ? global : Syntax;

    /// <summary>Null for a function of metadata or of generated code, beside which nothing can be written.</summary>
    public static async Task<ImportDeclaration?> FindAsync(Solution solution, IMethodSymbol function, CancellationToken cancellationToken)
    {
        IMethodSymbol definition = function.PartialDefinitionPart ?? function;
        if (definition.DeclaringSyntaxReferences.FirstOrDefault() is not { } reference
            || solution.GetDocument(reference.SyntaxTree) is not { } document
            || document is SourceGeneratedDocument)
        {
            return null;
        }

        SyntaxNode syntax = await reference.GetSyntaxAsync(cancellationToken).ConfigureAwait(false);
        SemanticModel? model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        return syntax is MethodDeclarationSyntax or LocalFunctionStatementSyntax && model is not null
            ? new ImportDeclaration(document, model, syntax, definition)
            : null;
    }
}
