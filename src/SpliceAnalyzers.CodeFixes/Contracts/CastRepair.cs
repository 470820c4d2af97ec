using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace SpliceAnalyzers.CodeFixes.Contracts;

/// <summary>Writes the casts that callers need once a declaration has the right types.</summary>
internal static class CastRepair
{
    /// <summary>Casts stand in each other's arguments: what one round uncovers, the next mends.</summary>
    private const int MaxRounds = 4;

    private const string NoImplicitConversion = "CS0266";
    private const string NoConversion = "CS0029";
    private const string WrongArgument = "CS1503";

    public static async Task<Solution> ApplyAsync(Solution solution, IReadOnlyList<DocumentId> documents, CancellationToken cancellationToken)
    {
        for (int round = 0; round < MaxRounds; round++)
        {
            Solution before = solution;
            foreach (DocumentId id in documents)
            {
                Document document = before.GetDocument(id)!;
                TextChange[] casts = await CastsAsync(document, cancellationToken).ConfigureAwait(false);
                if (casts.Length == 0)
                    continue;
                SourceText text = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);
                solution = solution.WithDocumentText(id, text.WithChanges(casts));
            }

            if (solution == before)
                break;
        }

        return solution;
    }

    private static async Task<TextChange[]> CastsAsync(Document document, CancellationToken cancellationToken)
    {
        SemanticModel? model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        if (model is null)
            return [];
        SyntaxNode root = await model.SyntaxTree.GetRootAsync(cancellationToken).ConfigureAwait(false);
        return
        [
            .. model.GetDiagnostics(cancellationToken: cancellationToken)
                .Where(diagnostic => diagnostic.Id is NoImplicitConversion or NoConversion or WrongArgument)
                .Select(diagnostic => Expression(root, diagnostic.Location.SourceSpan))
                .OfType<ExpressionSyntax>().Distinct()
                .SelectMany(expression => Casts(expression, Target(expression, model, cancellationToken), model))
                .OrderBy(change => change.Span.Start),
        ];
    }

    private static ExpressionSyntax? Expression(SyntaxNode root, TextSpan span)
    {
        SyntaxNode node = root.FindNode(span, getInnermostNodeForTie: true);
        if (node is ArgumentSyntax argument)
            return argument.Expression;
        // `a += b` as a whole does not convert: it is b that has to change.
        return node is AssignmentExpressionSyntax assignment && !assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) ? assignment.Right : node as ExpressionSyntax;
    }

    /// <summary>A choice is cast where it is wide, not as a whole.</summary>
    private static IEnumerable<TextChange> Casts(ExpressionSyntax expression, ITypeSymbol? target, SemanticModel model)
    {
        if (target is null || !model.ClassifyConversion(expression, target).Exists)
            return [];
        if (expression is ParenthesizedExpressionSyntax { Expression: ConditionalExpressionSyntax inner })
            return Casts(inner, target, model);
        return expression is ConditionalExpressionSyntax choice
            ? new[] { choice.WhenTrue, choice.WhenFalse }.Where(branch => !model.ClassifyConversion(branch, target).IsImplicit).SelectMany(branch => Casts(branch, target, model))
            : [Cast(expression, target, model)];
    }

    private static TextChange Cast(ExpressionSyntax expression, ITypeSymbol target, SemanticModel model)
    {
        string type = target.ToMinimalDisplayString(model, expression.SpanStart);
        ExpressionSyntax inner = expression is CastExpressionSyntax cast ? cast.Expression : expression;
        bool isSimple = inner is IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or ElementAccessExpressionSyntax or LiteralExpressionSyntax
            or ParenthesizedExpressionSyntax or SizeOfExpressionSyntax;
        return new TextChange(expression.Span, isSimple ? $"({type}){inner}" : $"({type})({inner})");
    }

    private static ITypeSymbol? Target(ExpressionSyntax expression, SemanticModel model, CancellationToken cancellationToken)
    {
        if (expression.Parent is AssignmentExpressionSyntax assignment && assignment.Right == expression)
            return model.GetTypeInfo(assignment.Left, cancellationToken).Type;
        if (expression.Parent is not ArgumentSyntax { Parent: ArgumentListSyntax { Parent: { } call } list } argument)
            return model.GetTypeInfo(expression, cancellationToken).ConvertedType;
        SymbolInfo info = model.GetSymbolInfo(call, cancellationToken);
        ISymbol? symbol = info.Symbol ?? (info.CandidateSymbols.Length == 1 ? info.CandidateSymbols[0] : null);
        IMethodSymbol? method = symbol as IMethodSymbol ?? FunctionPointer(call, model, cancellationToken)?.Signature;
        IEnumerable<IParameterSymbol> parameters = method is null ? [] : method.Parameters.AsEnumerable();
        IParameterSymbol? parameter = argument.NameColon is { } name
            ? parameters.FirstOrDefault(each => each.Name == name.Name.Identifier.ValueText)
            : parameters.ElementAtOrDefault(list.Arguments.IndexOf(argument));
        return parameter is { RefKind: RefKind.None or RefKind.In } ? parameter.Type : null;
    }

    private static IFunctionPointerTypeSymbol? FunctionPointer(SyntaxNode call, SemanticModel model, CancellationToken cancellationToken) =>
        call is InvocationExpressionSyntax invocation ? model.GetTypeInfo(invocation.Expression, cancellationToken).Type as IFunctionPointerTypeSymbol : null;
}
