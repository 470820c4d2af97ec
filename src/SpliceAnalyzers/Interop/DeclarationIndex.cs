using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace SpliceAnalyzers.Interop;

/// <summary>A declaration and where it stands: the name of a method or delegate, or the type of a function pointer.</summary>
/// <param name="Declaration">The declaration.</param>
/// <param name="Place">Where it is reported.</param>
/// <param name="Scope">The code that calls it, where that is known: of function pointers.</param>
internal sealed record PlacedDeclaration(NativeDeclaration Declaration, Location Place, SyntaxNode? Scope = null);

/// <summary>Every declaration of a function in the table that a compilation has, and the structures that serve as iovec.</summary>
internal sealed class DeclarationIndex
{
    private static readonly ConditionalWeakTable<Compilation, DeclarationIndex> Known = new();

    private readonly Compilation _compilation;
    private readonly CancellationToken _cancellation;
    private readonly AssignedOnce _values;
    private readonly FunctionOrigins _origins;
    private readonly Dictionary<Location, PlacedDeclaration> _declarations = [];
    private readonly List<(IMethodSymbol Method, Location Place)> _numbered = [];

    private DeclarationIndex(Compilation compilation, CancellationToken cancellation)
    {
        _compilation = compilation;
        _cancellation = cancellation;
        _values = new AssignedOnce(compilation, cancellation);
        _origins = new FunctionOrigins(_values);
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            NativeMention mentions = NativeMentions.Of(tree, cancellation);
            if ((mentions & (NativeMention.HandOff | NativeMention.Function)) != 0)
                AddFrom(tree);
        }

        AddNumbered();
    }

    /// <summary>In the order of the trees.</summary>
    public IEnumerable<PlacedDeclaration> Declarations => _declarations.Values;

    /// <summary>The structures that declarations have for struct iovec.</summary>
    public IEnumerable<INamedTypeSymbol> SegmentTypes => _declarations.Values
        .Select(each => SignatureCheck.SegmentType(each.Declaration)).OfType<INamedTypeSymbol>().Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default);

    /// <summary>Made once for a compilation.</summary>
    public static DeclarationIndex Of(Compilation compilation, CancellationToken cancellation) =>
        Known.TryGetValue(compilation, out DeclarationIndex index) ? index : Known.GetValue(compilation, _ => new DeclarationIndex(compilation, cancellation));

    private void AddFrom(SyntaxTree tree)
    {
        foreach (SyntaxNode node in tree.GetRoot(_cancellation).DescendantNodes())
        {
            _cancellation.ThrowIfCancellationRequested();
            switch (node)
            {
                case MethodDeclarationSyntax { AttributeLists.Count: > 0, Body: null, ExpressionBody: null } method:
                    AddImport(method, method.Identifier);
                    break;
                case LocalFunctionStatementSyntax { AttributeLists.Count: > 0, Body: null, ExpressionBody: null } function:
                    AddImport(function, function.Identifier);
                    break;
                case FunctionPointerTypeSyntax pointer:
                    AddPointer(pointer);
                    break;
                case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "GetDelegateForFunctionPointer" } } or
                    InvocationExpressionSyntax { Expression: SimpleNameSyntax { Identifier.ValueText: "GetDelegateForFunctionPointer" } }:
                    AddDelegate((InvocationExpressionSyntax)node);
                    break;
            }
        }
    }

    /// <summary>The imports of syscall, of which those count that make a call of the table whose errors matter.</summary>
    private void AddNumbered()
    {
        foreach ((IMethodSymbol method, Location place) in _numbered)
        {
            var calls = new NativeCalls(_compilation, _cancellation);
            bool isSplice = _compilation.SyntaxTrees.Where(tree => (NativeMentions.Of(tree, _cancellation) & NativeMention.HandOff) != 0)
                .SelectMany(tree => tree.GetRoot(_cancellation).DescendantNodes().OfType<InvocationExpressionSyntax>())
                .Where(call => call.Expression.GetLastToken().ValueText == method.Name)
                .Select(call => _values.OperationOf(call) is { } operation ? calls.Resolve(operation) : null)
                .Any(call => call is { Number: not null, Signature.NeedsLastError: true } && SymbolEqualityComparer.Default.Equals(call.Method, method));
            if (isSplice)
                Add(NativeDeclaration.OfMethod(NativeSignatures.SystemCall, method), place);
        }
    }

    private SemanticModel Model(SyntaxNode node) => _compilation.ModelOf(node.SyntaxTree);

    private void Add(NativeDeclaration? declaration, Location? place, SyntaxNode? scope = null)
    {
        if (declaration is not null && place is not null && !_declarations.ContainsKey(place))
            _declarations.Add(place, new PlacedDeclaration(declaration, place, scope));
    }

    private void AddImport(SyntaxNode node, SyntaxToken name)
    {
        if (Model(node).GetDeclaredSymbol(node, _cancellation) is not IMethodSymbol method)
            return;
        if (NativeFunction.NameOf(method) == NativeSignatures.SystemCall.Name)
            _numbered.Add((method, name.GetLocation()));
        else
            Add(NativeDeclaration.OfImport(method), name.GetLocation());
    }

    /// <summary>A delegate type is a declaration if some pointer to a function of the table becomes one of its kind.</summary>
    private void AddDelegate(InvocationExpressionSyntax syntax)
    {
        if (_values.OperationOf(syntax) is not IInvocationOperation { Arguments: [var pointer, ..] } call || _origins.ExportOf(pointer.Value) is not { } name || NativeSignatures.Find(name) is not { } signature)
            return;
        ITypeSymbol? type = call.TargetMethod.TypeArguments.FirstOrDefault() ?? (call.Arguments.Length > 1 ? (call.Arguments[1].Value as ITypeOfOperation)?.TypeOperand : null);
        if (type is INamedTypeSymbol { DelegateInvokeMethod: { } invoke })
            Add(new NativeDeclaration(signature, invoke.OriginalDefinition, MarshalledBy.Runtime), type.Locations.FirstOrDefault(location => location.IsInSource));
    }

    private void AddPointer(FunctionPointerTypeSyntax syntax)
    {
        if (PointedFunction(syntax) is { } name && NativeSignatures.Find(name) is { } signature && Model(syntax).GetTypeInfo(syntax, _cancellation).Type is IFunctionPointerTypeSymbol type)
            Add(new NativeDeclaration(signature, type.Signature, MarshalledBy.Nobody), syntax.GetLocation(), ScopeOf(syntax));
    }

    /// <summary>The function that a pointer of this type holds: that of the variable it declares, or of the cast it stands in.</summary>
    private string? PointedFunction(FunctionPointerTypeSyntax syntax) => syntax.Parent switch
    {
        VariableDeclarationSyntax declaration => declaration.Variables.Select(variable => OfVariable(variable)).FirstOrDefault(),
        PropertyDeclarationSyntax property => OfVariable(property),
        CastExpressionSyntax cast when !IsValueOfVariable(cast) => _values.OperationOf(cast.Expression) is { } value ? _origins.ExportOf(value) : null,
        _ => null,
    };

    private string? OfVariable(SyntaxNode declaration) =>
        Model(declaration).GetDeclaredSymbol(declaration, _cancellation) is { } symbol && _values.ValuesOf(symbol) is [var value] ? _origins.ExportOf(value) : null;

    /// <summary>The variable's own type is the declaration then, unless it has none.</summary>
    private static bool IsValueOfVariable(ExpressionSyntax value)
    {
        SyntaxNode whole = value;
        while (whole.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax)
            whole = whole.Parent;
        return whole.Parent switch
        {
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type: var type } } } => type is FunctionPointerTypeSyntax,
            EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax { Type: var type } } => type is FunctionPointerTypeSyntax,
            ArrowExpressionClauseSyntax { Parent: PropertyDeclarationSyntax { Type: var type } } => type is FunctionPointerTypeSyntax,
            AssignmentExpressionSyntax assignment => assignment.Right == whole,
            _ => false,
        };
    }

    /// <summary>Where the pointer can be called: the type for its members, the member for locals.</summary>
    private static SyntaxNode? ScopeOf(FunctionPointerTypeSyntax syntax) => syntax.Parent?.Parent is FieldDeclarationSyntax || syntax.Parent is PropertyDeclarationSyntax
        ? syntax.FirstAncestorOrSelf<TypeDeclarationSyntax>()
        : syntax.Ancestors().FirstOrDefault(node => node is MemberDeclarationSyntax and not GlobalStatementSyntax or CompilationUnitSyntax);
}
