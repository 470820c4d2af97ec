using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace SpliceAnalyzers.Interop;

/// <summary>What a variable, a field or a property holds, where only one place gives it a value.</summary>
internal sealed class AssignedOnce(Compilation compilation, CancellationToken cancellation)
{
    /// <summary>
    /// The value that the variable behind the expression has: the expression that is assigned, or the out argument that is filled; null
    /// where there are none or several, or where others could assign.
    /// </summary>
    public IOperation? ValueOf(IOperation reference) => ValuesOf(reference) is [var only] ? only : null;

    /// <summary>All values that are ever assigned, apart from null and 0; null where some are not known.</summary>
    public IReadOnlyList<IOperation>? ValuesOf(IOperation reference) => Strip(reference) switch
    {
        ILocalReferenceOperation local => ValuesOf(local.Local),
        IFieldReferenceOperation field => ValuesOf(field.Field),
        IPropertyReferenceOperation property => ValuesOf(property.Property),
        _ => null,
    };

    /// <summary>All values of a variable, a field or a property.</summary>
    public IReadOnlyList<IOperation>? ValuesOf(ISymbol variable) => variable switch
    {
        ILocalSymbol { RefKind: RefKind.None } local => AllOf(local, MemberAround(local)),
        IFieldSymbol { IsConst: false } field when IsOwn(field) => AllOf(field, Declarations(field.ContainingType)),
        IPropertySymbol { SetMethod: null, IsIndexer: false } property => OfProperty(property) is { } value ? [value] : null,
        _ => null,
    };

    /// <summary>The operation under casts and parentheses.</summary>
    public static IOperation Strip(IOperation operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConversionOperation { OperatorMethod: null } conversion: operation = conversion.Operand; continue;
                case IConversionOperation conversion when IsNumeric(conversion): operation = conversion.Operand; continue;
                case IParenthesizedOperation parenthesized: operation = parenthesized.Operand; continue;
                case IArgumentOperation { Parameter: not { RefKind: RefKind.Out } } argument: operation = argument.Value; continue;
                default: return operation;
            }
        }
    }

    /// <summary>The operation of a piece of syntax of this compilation, without parentheses around it: they have none.</summary>
    public IOperation? OperationOf(SyntaxNode syntax)
    {
        while (syntax is ParenthesizedExpressionSyntax parenthesized)
            syntax = parenthesized.Expression;
        return compilation.ContainsSyntaxTree(syntax.SyntaxTree) ? compilation.ModelOf(syntax.SyntaxTree).GetOperation(syntax, cancellation) : null;
    }

    // IntPtr and the number structs of bindings convert by operators that keep the value.
    private static bool IsNumeric(IConversionOperation conversion) =>
        conversion.Type?.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr || conversion.Operand.Type?.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr
        || conversion.Type is { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None } && conversion.Operand.Type is { SpecialType: >= SpecialType.System_Int16 and <= SpecialType.System_UInt64 }
        || conversion.Operand.Type is { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None } && conversion.Type is { SpecialType: >= SpecialType.System_Int16 and <= SpecialType.System_UInt64 };

    /// <summary>A field that code of other assemblies cannot assign.</summary>
    private static bool IsOwn(IFieldSymbol field) =>
        field.Locations.Any(location => location.IsInSource) && (field.IsReadOnly || field.DeclaredAccessibility is Accessibility.Private or Accessibility.NotApplicable);

    private static IEnumerable<SyntaxNode> MemberAround(ILocalSymbol local)
    {
        if (local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is { } declaration)
            yield return declaration.Ancestors().FirstOrDefault(node => node is MemberDeclarationSyntax and not GlobalStatementSyntax or CompilationUnitSyntax) ?? declaration;
    }

    private IEnumerable<SyntaxNode> Declarations(INamedTypeSymbol type) => type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation));

    private IOperation? OfProperty(IPropertySymbol property)
    {
        if (property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is not PropertyDeclarationSyntax declaration)
            return null;
        ExpressionSyntax? value = declaration.ExpressionBody?.Expression ?? declaration.Initializer?.Value
            ?? declaration.AccessorList?.Accessors.FirstOrDefault(accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration))?.ExpressionBody?.Expression;
        return value is null ? null : OperationOf(value);
    }

    private List<IOperation>? AllOf(ISymbol symbol, IEnumerable<SyntaxNode> scopes)
    {
        var all = new List<IOperation>();
        foreach (SyntaxNode value in scopes.SelectMany(scope => Values(symbol, scope)))
        {
            IOperation? operation = OperationOf(value);
            if (operation is { ConstantValue: { HasValue: true, Value: null or 0 } } or IDefaultValueOperation)
                continue;
            if (operation is null || value is IdentifierNameSyntax name && name.Identifier.ValueText == symbol.Name)
                return null;
            all.Add(operation);
        }

        return all;
    }

    /// <summary>The initialiser, and the syntax of whatever else is assigned; the name itself where a value comes that nothing is known about.</summary>
    private IEnumerable<SyntaxNode> Values(ISymbol symbol, SyntaxNode scope)
    {
        foreach (SyntaxNode node in scope.DescendantNodesAndSelf())
        {
            cancellation.ThrowIfCancellationRequested();
            if (node is VariableDeclaratorSyntax { Initializer.Value: { } initial } declarator && declarator.Identifier.ValueText == symbol.Name && IsDeclaredAs(declarator, symbol))
                yield return initial;
            else if (node is SingleVariableDesignationSyntax designation && designation.Identifier.ValueText == symbol.Name && IsDeclaredAs(designation, symbol))
                yield return designation.FirstAncestorOrSelf<ArgumentSyntax>() ?? (SyntaxNode)designation;
            else if (node is IdentifierNameSyntax name && name.Identifier.ValueText == symbol.Name && Written(name) is { } value && IsReference(name, symbol))
                yield return value;
        }
    }

    private bool IsDeclaredAs(SyntaxNode declaration, ISymbol symbol) =>
        SymbolEqualityComparer.Default.Equals(compilation.ModelOf(declaration.SyntaxTree).GetDeclaredSymbol(declaration, cancellation), symbol.OriginalDefinition);

    private bool IsReference(IdentifierNameSyntax name, ISymbol symbol) =>
        SymbolEqualityComparer.Default.Equals(compilation.ModelOf(name.SyntaxTree).GetSymbolInfo(name, cancellation).Symbol?.OriginalDefinition, symbol.OriginalDefinition);

    private static SyntaxNode? Written(IdentifierNameSyntax name)
    {
        ExpressionSyntax whole = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
        while (whole.Parent is ParenthesizedExpressionSyntax parenthesized)
            whole = parenthesized;
        return whole.Parent switch
        {
            AssignmentExpressionSyntax assignment when assignment.Left == whole =>
                assignment.Kind() is SyntaxKind.SimpleAssignmentExpression or SyntaxKind.CoalesceAssignmentExpression ? assignment.Right : name,
            ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.OutKeyword } argument => argument,
            ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword } or RefExpressionSyntax or ArgumentSyntax { Parent: TupleExpressionSyntax } => name,
            PrefixUnaryExpressionSyntax prefix when prefix.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression or SyntaxKind.AddressOfExpression => name,
            PostfixUnaryExpressionSyntax postfix when postfix.Kind() is SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression => name,
            _ => null,
        };
    }
}
