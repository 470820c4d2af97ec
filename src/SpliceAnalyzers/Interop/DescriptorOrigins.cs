using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace SpliceAnalyzers.Interop;

/// <summary>What a descriptor names.</summary>
internal enum DescriptorKind
{
    PipeReadEnd,
    PipeWriteEnd,
    File,
    /// <summary>A file opened with O_APPEND.</summary>
    AppendFile,
    Socket,
}

/// <summary>What is known of a descriptor.</summary>
/// <param name="Kind">What it names.</param>
/// <param name="Pipe">The variable that holds the pipe's two ends, or the stream; two descriptors with the same one are of one pipe.</param>
internal readonly record struct DescriptorOrigin(DescriptorKind Kind, ISymbol? Pipe = null)
{
    public bool IsPipe => Kind is DescriptorKind.PipeReadEnd or DescriptorKind.PipeWriteEnd;
}

/// <summary>Where descriptors come from: pipe(2), anonymous pipe streams, files, sockets, through variables, handles and dup.</summary>
internal sealed class DescriptorOrigins(Compilation compilation, NativeCalls calls, CancellationToken cancellation)
{
    private const int MaxDepth = 8;
    private const long AppendFlag = 0x400;

    private readonly AssignedOnce _values = new(compilation, cancellation);

    /// <summary>Null where nothing is known.</summary>
    public DescriptorOrigin? Of(IOperation descriptor, int depth = 0)
    {
        if (depth > MaxDepth)
            return null;
        IOperation value = AssignedOnce.Strip(descriptor);
        if (value.Syntax is ElementAccessExpressionSyntax element)
            return OfElement(element);
        return value switch
        {
            IInvocationOperation { Instance: { } handle, TargetMethod.Name: "DangerousGetHandle" or "ToInt32" or "ToInt64" } => Of(handle, depth + 1),
            IInvocationOperation call => OfCall(call, depth),
            IFunctionPointerInvocationOperation call => OfNative(call, depth),
            IObjectCreationOperation { Type.Name: "SafeFileHandle" or "SafePipeHandle" or "SafeSocketHandle", Arguments: [var first, ..] } => Of(first, depth + 1),
            IPropertyReferenceOperation { Instance: { } owner } property => OfProperty(property, owner),
            _ => _values.ValueOf(value) is { } assigned ? Of(assigned, depth + 1) : null,
        };
    }

    /// <summary>The object that an expression creates, through variables that are assigned once.</summary>
    private IOperation? CreationOf(IOperation expression)
    {
        IOperation value = AssignedOnce.Strip(expression);
        return value is IObjectCreationOperation ? value : _values.ValueOf(value) is { } assigned ? AssignedOnce.Strip(assigned) : null;
    }

    private DescriptorOrigin? OfProperty(IPropertyReferenceOperation property, IOperation owner)
    {
        if (CreationOf(owner) is not IObjectCreationOperation { Type: { } type } creation)
            return null;
        switch (type.Name, property.Property.Name)
        {
            case ("FileStream", "SafeFileHandle"):
                return IsNew(creation.Arguments) ? new DescriptorOrigin(DescriptorKind.File) : null;
            case ("Socket", "SafeHandle" or "Handle"):
                return new DescriptorOrigin(DescriptorKind.Socket);
            case ("AnonymousPipeServerStream" or "AnonymousPipeClientStream", "SafePipeHandle" or "ClientSafePipeHandle"):
                bool isRead = Reads(creation) == (property.Property.Name == "SafePipeHandle");
                return new DescriptorOrigin(isRead ? DescriptorKind.PipeReadEnd : DescriptorKind.PipeWriteEnd, VariableOf(owner));
            default:
                return null;
        }
    }

    /// <summary>The direction that is passed (In is 1); without one, servers write and clients read.</summary>
    private static bool Reads(IObjectCreationOperation stream) =>
        stream.Arguments.FirstOrDefault(argument => argument.Parameter?.Type.Name == "PipeDirection") is { Value.ConstantValue: { HasValue: true, Value: int direction } }
            ? direction == 1
            : stream.Type?.Name == "AnonymousPipeClientStream";

    /// <summary>FileMode.CreateNew (1): nothing but a regular file can come of it.</summary>
    private static bool IsNew(IEnumerable<IArgumentOperation> arguments) =>
        arguments.Any(argument => argument.Parameter?.Type.Name == "FileMode" && argument.Value.ConstantValue is { HasValue: true, Value: 1 });

    private DescriptorOrigin? OfCall(IInvocationOperation call, int depth)
    {
        if (call.TargetMethod is { Name: "OpenHandle", ContainingType.Name: "File" })
            return IsNew(call.Arguments) ? new DescriptorOrigin(DescriptorKind.File) : null;
        return OfNative(call, depth);
    }

    private DescriptorOrigin? OfNative(IOperation operation, int depth)
    {
        if (calls.Resolve(operation) is not { } call)
            return null;
        return call.Function switch
        {
            "memfd_create" => new DescriptorOrigin(DescriptorKind.File),
            "socket" or "accept" or "accept4" => new DescriptorOrigin(DescriptorKind.Socket),
            "dup" => Of(call.Arguments[0].Value, depth + 1),
            "open" or "open64" when call.Arguments.Length > 1 && IsAppend(call.Arguments[1]) => new DescriptorOrigin(DescriptorKind.AppendFile),
            "openat" or "openat64" when call.Arguments.Length > 2 && IsAppend(call.Arguments[2]) => new DescriptorOrigin(DescriptorKind.AppendFile),
            _ => null,
        };
    }

    private static bool IsAppend(IArgumentOperation flags) => (NativeConstant.Of(flags) & AppendFlag) == AppendFlag;

    /// <summary>ends[0] and ends[1], where pipe filled the ends and nobody else stores there.</summary>
    private DescriptorOrigin? OfElement(ElementAccessExpressionSyntax element)
    {
        if (element.ArgumentList.Arguments is not [{ Expression: var index }] || _values.OperationOf(index)?.ConstantValue is not { HasValue: true, Value: int position })
            return null;
        if (position is not (0 or 1) || _values.OperationOf(element.Expression) is not { } array || VariableOf(array) is not { } ends || !IsFilledByPipe(ends, element))
            return null;
        return new DescriptorOrigin(position == 0 ? DescriptorKind.PipeReadEnd : DescriptorKind.PipeWriteEnd, ends);
    }

    private bool IsFilledByPipe(ISymbol ends, SyntaxNode use)
    {
        bool isFilled = false;
        foreach (SyntaxNode node in Scopes(ends, use).SelectMany(scope => scope.DescendantNodes()))
        {
            cancellation.ThrowIfCancellationRequested();
            if (node is AssignmentExpressionSyntax { Left: ElementAccessExpressionSyntax { Expression: var target } } && IsOf(target, ends))
                return false;
            if (node is InvocationExpressionSyntax { ArgumentList.Arguments.Count: 1 or 2 } invocation && !isFilled)
                isFilled = _values.OperationOf(invocation) is { } operation && calls.Resolve(operation)?.Argument(NativeRole.Ends) is { } filled && IsOf(filled.Syntax, ends);
        }

        return isFilled;
    }

    private IEnumerable<SyntaxNode> Scopes(ISymbol ends, SyntaxNode use) => ends is IFieldSymbol field
        ? field.ContainingType.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation))
        : [use.Ancestors().FirstOrDefault(node => node is MemberDeclarationSyntax and not GlobalStatementSyntax or CompilationUnitSyntax) ?? use];

    /// <summary>True for the variable itself, its address, a reference to it, its first element, and a pointer that is fixed to it.</summary>
    private bool IsOf(SyntaxNode expression, ISymbol variable, int depth = 0)
    {
        if (depth > MaxDepth)
            return false;
        SyntaxNode inner = Bare(expression);
        if (_values.OperationOf(inner) is not { } operation || VariableOf(operation) is not { } found)
            return false;
        if (SymbolEqualityComparer.Default.Equals(found, variable))
            return true;
        return found is ILocalSymbol && found.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is VariableDeclaratorSyntax { Initializer.Value: { } value }
            && IsOf(value, variable, depth + 1);
    }

    private static SyntaxNode Bare(SyntaxNode expression)
    {
        while (true)
        {
            switch (expression)
            {
                case ArgumentSyntax argument: expression = argument.Expression; continue;
                case ParenthesizedExpressionSyntax parenthesized: expression = parenthesized.Expression; continue;
                case CastExpressionSyntax cast: expression = cast.Expression; continue;
                case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.AddressOfExpression } address: expression = address.Operand; continue;
                case ElementAccessExpressionSyntax element: expression = element.Expression; continue;
                default: return expression;
            }
        }
    }

    private static ISymbol? VariableOf(IOperation operation) => AssignedOnce.Strip(operation) switch
    {
        ILocalReferenceOperation local => local.Local,
        IFieldReferenceOperation field => field.Field,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };
}
