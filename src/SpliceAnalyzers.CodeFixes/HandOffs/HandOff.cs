using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SpliceAnalyzers.CodeFixes.Declarations;

namespace SpliceAnalyzers.CodeFixes.HandOffs;

/// <summary>One call of vmsplice through a P/Invoke, as the fixes see it.</summary>
internal sealed class HandOff
{
    private const int ParameterCount = 4;

    private HandOff(Document document, SemanticModel model, IInvocationOperation call, NativeImport import)
    {
        Document = document;
        Model = model;
        Call = call;
        Import = import;
    }

    public Document Document { get; }

    public SemanticModel Model { get; }

    public IInvocationOperation Call { get; }

    /// <summary>What the declaration of the called function says.</summary>
    public NativeImport Import { get; }

    public InvocationExpressionSyntax Syntax => (InvocationExpressionSyntax)Call.Syntax;

    public int Position => Syntax.SpanStart;

    public IMethodSymbol Function => Call.TargetMethod;

    public static HandOff? Of(Document document, SemanticModel model, InvocationExpressionSyntax syntax) =>
        model.GetOperation(syntax) is IInvocationOperation { TargetMethod: { IsStatic: true, Parameters.Length: ParameterCount } target } call
        && NativeImport.Of(target) is { EntryPoint: NativeFunction.Vmsplice } import
            ? new HandOff(document, model, call, import)
            : null;

    public IParameterSymbol Parameter(VmspliceParameter parameter) => Function.Parameters[(int)parameter];

    public IArgumentOperation Argument(VmspliceParameter parameter) =>
        Call.Arguments.Single(argument => argument.Parameter!.Ordinal == (int)parameter);

    /// <summary>The argument as it is written; null where the parameter's default value is taken.</summary>
    public ArgumentSyntax? Written(VmspliceParameter parameter) => Argument(parameter).Syntax as ArgumentSyntax;
}
