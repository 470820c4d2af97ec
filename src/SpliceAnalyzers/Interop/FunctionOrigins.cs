using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SpliceAnalyzers.Interop;

/// <summary>Which native function a pointer or a delegate calls: where its value comes from, back through casts, variables and fields.</summary>
internal sealed class FunctionOrigins(AssignedOnce values)
{
    private const int MaxDepth = 8;

    /// <summary>The function's name; null where it is not known, or is not of the C library.</summary>
    public string? NameOf(IOperation value) => NameOf(value, 0, ofMethods: true);

    /// <summary>As <see cref="NameOf(IOperation)"/>, for values that come from the library itself and not from a declared method.</summary>
    public string? ExportOf(IOperation value) => NameOf(value, 0, ofMethods: false);

    private string? NameOf(IOperation value, int depth, bool ofMethods)
    {
        if (depth > MaxDepth)
            return null;
        switch (AssignedOnce.Strip(value))
        {
            case IDelegateCreationOperation creation:
                return NameOf(creation.Target, depth + 1, ofMethods);
            case IAddressOfOperation address:
                return NameOf(address.Reference, depth + 1, ofMethods);
            case IMethodReferenceOperation method:
                return ofMethods ? NativeFunction.NameOf(method.Method) : null;
            case IInvocationOperation call:
                return OfCall(call, depth, ofMethods);
            case IArgumentOperation { Parameter.RefKind: RefKind.Out, Parent: IInvocationOperation { TargetMethod.Name: "TryGetExport" } call }:
                return Export(call, depth);
            case var variable:
                return values.ValueOf(variable) is { } assigned ? NameOf(assigned, depth + 1, ofMethods) : null;
        }
    }

    private string? OfCall(IInvocationOperation call, int depth, bool ofMethods)
    {
        if (call.TargetMethod.Name == "GetDelegateForFunctionPointer" && NativeFunction.IsInterop(call.TargetMethod.ContainingType) && call.Arguments.Length > 0)
            return NameOf(call.Arguments[0].Value, depth + 1, ofMethods);
        return call.TargetMethod.Name == "GetExport" || NativeFunction.ImportOf(call.TargetMethod) is { EntryPoint: "dlsym" } ? Export(call, depth) : null;
    }

    /// <summary>GetExport(handle, "name"), TryGetExport(handle, "name", out address), dlsym(handle, "name").</summary>
    private string? Export(IInvocationOperation call, int depth)
    {
        bool isKnown = call.TargetMethod.ContainingType is { Name: "NativeLibrary" } type && NativeFunction.IsInterop(type) || NativeFunction.ImportOf(call.TargetMethod) is not null;
        if (!isKnown || call.Arguments.Length < 2 || call.Arguments[1].Value.ConstantValue is not { HasValue: true, Value: string name })
            return null;
        return LibraryOf(call.Arguments[0].Value, depth) is { } library && !NativeFunction.IsLibc(library) ? null : name;
    }

    /// <summary>The library behind a handle; null where nothing is known, which may be any, also the whole program.</summary>
    private string? LibraryOf(IOperation handle, int depth)
    {
        if (depth > MaxDepth)
            return null;
        return AssignedOnce.Strip(handle) switch
        {
            IInvocationOperation { TargetMethod: { Name: "Load", ContainingType.Name: "NativeLibrary" } } load => LibraryNamed(load),
            IArgumentOperation { Parameter.RefKind: RefKind.Out, Parent: IInvocationOperation { TargetMethod: { Name: "TryLoad", ContainingType.Name: "NativeLibrary" } } load } => LibraryNamed(load),
            IInvocationOperation call when NativeFunction.ImportOf(call.TargetMethod) is { EntryPoint: "dlopen" } => LibraryNamed(call),
            var variable => values.ValueOf(variable) is { } assigned ? LibraryOf(assigned, depth + 1) : null,
        };
    }

    private static string? LibraryNamed(IInvocationOperation load) =>
        load.Arguments.Length > 0 && load.Arguments[0].Value.ConstantValue is { HasValue: true, Value: string library } ? library : null;
}
