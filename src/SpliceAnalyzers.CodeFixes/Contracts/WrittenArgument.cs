using Microsoft.CodeAnalysis.CSharp.Syntax;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.Contracts;

/// <summary>An argument as it is written. The operation's own syntax loses the argument where its value is in parentheses.</summary>
internal static class WrittenArgument
{
    /// <summary>Null where nothing is written for the role.</summary>
    public static ArgumentSyntax? Written(this NativeCall call, NativeRole role) =>
        call.Argument(role)?.Syntax.FirstAncestorOrSelf<ArgumentSyntax>() is { } argument && argument.Parent?.Parent == call.Call.Syntax ? argument : null;
}
