using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.CodeFixes.Declarations;
using SpliceAnalyzers.Interop;
using NativeFunction = SpliceAnalyzers.CodeFixes.Declarations.NativeFunction;

namespace SpliceAnalyzers.CodeFixes.HandOffs;

/// <summary>One call of vmsplice as the fixes see it: through an import, a pointer, a delegate, or by the number of the system call.</summary>
internal sealed class HandOff
{
    private const int ParameterCount = 4;

    private HandOff(Document document, SemanticModel model, NativeCall native)
    {
        Document = document;
        Model = model;
        Native = native;
        Import = native.Kind == NativeCallKind.Import && NativeImport.Of(native.Method) is { } import ? import : NativeImport.WithoutDeclaration(native);
    }

    public Document Document { get; }

    public SemanticModel Model { get; }

    public NativeCall Native { get; }

    /// <summary>What the declaration of the called function says.</summary>
    public NativeImport Import { get; }

    public InvocationExpressionSyntax Syntax => (InvocationExpressionSyntax)Native.Call.Syntax;

    public int Position => Syntax.SpanStart;

    /// <summary>The import, the delegate's Invoke, or the pointer's signature.</summary>
    public IMethodSymbol Function => Native.Method;

    /// <summary>True for syscall(278, ...), whose parameters come after the number.</summary>
    public bool IsNumbered => Native.Number is not null;

    /// <summary>True where an import of vmsplice itself is called.</summary>
    public bool IsImported => Native.Kind == NativeCallKind.Import && !IsNumbered;

    public static HandOff? Of(Document document, SemanticModel model, InvocationExpressionSyntax syntax, CancellationToken cancellationToken) =>
        model.GetOperation(syntax, cancellationToken) is { } operation
        && new NativeCalls(model.Compilation, cancellationToken).Resolve(operation) is { Function: NativeFunction.Vmsplice, Arguments.Length: ParameterCount } call
            ? new HandOff(document, model, call)
            : null;

    public IParameterSymbol Parameter(VmspliceParameter parameter) => Function.Parameters[Index(parameter)];

    public IOperation Argument(VmspliceParameter parameter) => Native.Arguments[(int)parameter].Value;

    /// <summary>The argument as it is written; null where the parameter's default value is taken.</summary>
    public ArgumentSyntax? Written(VmspliceParameter parameter) => Written(Native.Arguments[(int)parameter]);

    /// <summary>The number of a raw system call as it is written.</summary>
    public ArgumentSyntax? WrittenNumber => Native.Number is { } number ? Written(number.Argument) : null;

    /// <summary>The arguments from the flags on, as far as they are written: a raw system call may have more.</summary>
    public IEnumerable<ArgumentSyntax> TailArguments => Arguments(Native.Call)
        .Where(argument => argument.Parameter is { } parameter && parameter.Ordinal >= Index(VmspliceParameter.Flags))
        .OrderBy(argument => argument.Parameter!.Ordinal)
        .Select(Written)
        .OfType<ArgumentSyntax>();

    /// <summary>The operation's own syntax loses the argument where its value is in parentheses.</summary>
    private ArgumentSyntax? Written(IOperation argument) =>
        argument.Syntax.FirstAncestorOrSelf<ArgumentSyntax>() is { } written && written.Parent?.Parent == Syntax ? written : null;

    private static ImmutableArray<IArgumentOperation> Arguments(IOperation call) =>
        call is IInvocationOperation invocation ? invocation.Arguments : ((IFunctionPointerInvocationOperation)call).Arguments;

    /// <summary>The position of the parameter in the called function.</summary>
    public int Index(VmspliceParameter parameter) => (int)parameter + (IsNumbered ? 1 : 0);
}
