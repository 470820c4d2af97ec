using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SpliceAnalyzers.CodeFixes.Edits;
using SpliceAnalyzers.Interop;

namespace SpliceAnalyzers.CodeFixes.Contracts;

/// <summary>
/// Puts a loop before the statement of a call, and the loop's last result where the call was. What the statement did with a failure it
/// goes on doing; a statement that did nothing throws, and so does a body that is nothing but the call.
/// </summary>
internal sealed class TransferLoop
{
    private readonly InvocationExpressionSyntax _syntax;
    private readonly NativeCall _call;
    private readonly SemanticModel _model;
    private readonly StatementSyntax? _statement;
    private readonly FreshNames _names;
    private readonly string _count;

    /// <summary>What changes in another statement.</summary>
    private TextChange? _elsewhere;

    private TransferLoop(InvocationExpressionSyntax syntax, NativeCall call, SemanticModel model, StatementSyntax? statement, FreshNames names)
    {
        (_syntax, _call, _model, _statement) = (syntax, call, model, statement);
        _names = names;
        _count = Assigned ?? _names.Next(call.Signature!.Name == "tee" ? "copied" : "moved", _syntax);
    }

    /// <summary>The local that the statement assigns the result to as it is, and that so can serve the loop.</summary>
    private string? Assigned => Declared?.Identifier.Text ?? (Assignment?.Left as IdentifierNameSyntax)?.Identifier.Text;

    private VariableDeclaratorSyntax? Declared => _statement is LocalDeclarationStatementSyntax { Declaration.Variables: [{ Initializer.Value: var value } only] } && value == _syntax ? only : null;

    private AssignmentExpressionSyntax? Assignment =>
        _statement is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment }
            && assignment.Right == _syntax && _model.GetSymbolInfo(assignment.Left).Symbol is ILocalSymbol { Name: not "_" } local
            && SymbolEqualityComparer.Default.Equals(local.Type, _call.Method.ReturnType)
                ? assignment
                : null;

    /// <summary>Null where the call stands so that it cannot be repeated before its statement.</summary>
    public static Correction? For(Document document, InvocationExpressionSyntax syntax, NativeCall call, SemanticModel model, FreshNames names)
    {
        StatementSyntax? statement = StatementOf(syntax);
        TextSpan? body = statement is null ? BodyOf(syntax, model) : null;
        if (statement is null && body is null || syntax.DescendantTrivia().Any(trivia => trivia.IsDirective) || !syntax.ArgumentList.Arguments.All(argument => IsRepeatable(argument.Expression)))
            return null;
        var loop = new TransferLoop(syntax, call, model, statement, names);
        if (loop.Text() is not { } text)
            return null;
        IEnumerable<TextChange> changes = statement is not null ? loop.Changes(text, statement) : [loop.Body(text, body!.Value)];
        return Correction.Of(changes.Select(change => new SourceChange(document, change)));
    }

    /// <summary>From the end of the arrow on, the body that is the call and nothing else, of a lambda or a member that returns nothing.</summary>
    private static TextSpan? BodyOf(InvocationExpressionSyntax call, SemanticModel model) => call.Parent switch
    {
        LambdaExpressionSyntax lambda when model.GetSymbolInfo(lambda).Symbol is IMethodSymbol { ReturnsVoid: true } =>
            TextSpan.FromBounds(lambda.ArrowToken.Span.End, call.Span.End),
        ArrowExpressionClauseSyntax { Parent: { } member } arrow when model.GetDeclaredSymbol(member) is IMethodSymbol { ReturnsVoid: true } =>
            TextSpan.FromBounds(arrow.ArrowToken.GetPreviousToken().Span.End, arrow.GetLastToken().GetNextToken().Span.End),
        _ => null,
    };

    private string? Text()
    {
        if (_call.Signature!.Name == "tee")
            return Again();
        return _call.Argument(NativeRole.Segments) is not null ? Segments() : Length();
    }

    /// <summary>The statement that the call is evaluated first in, and once.</summary>
    private static StatementSyntax? StatementOf(ExpressionSyntax call)
    {
        SyntaxNode part = call;
        while (part.Parent is ExpressionSyntax or EqualsValueClauseSyntax or VariableDeclaratorSyntax or VariableDeclarationSyntax or PatternSyntax)
        {
            bool isFirst = part.Parent switch
            {
                ParenthesizedExpressionSyntax or CastExpressionSyntax or PrefixUnaryExpressionSyntax or IsPatternExpressionSyntax => true,
                BinaryExpressionSyntax binary => binary.Left == part || binary.Left is LiteralExpressionSyntax or PrefixUnaryExpressionSyntax { Operand: LiteralExpressionSyntax },
                AssignmentExpressionSyntax assignment => assignment.Right == part && assignment.Left is IdentifierNameSyntax,
                EqualsValueClauseSyntax or VariableDeclaratorSyntax => true,
                VariableDeclarationSyntax declaration => declaration.Variables.Count == 1,
                _ => false,
            };
            if (!isFirst)
                return null;
            part = part.Parent;
        }

        return part.Parent switch
        {
            ExpressionStatementSyntax statement => statement,
            LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0 } statement => statement,
            ReturnStatementSyntax statement => statement,
            IfStatementSyntax statement when statement.Condition == part && statement.Parent is not ElseClauseSyntax => statement,
            _ => null,
        };
    }

    /// <summary>True for what has the same value and no effect each time.</summary>
    private static bool IsRepeatable(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax or IdentifierNameSyntax or ThisExpressionSyntax or DefaultExpressionSyntax or SizeOfExpressionSyntax or PredefinedTypeSyntax => true,
        MemberAccessExpressionSyntax member => IsRepeatable(member.Expression),
        ParenthesizedExpressionSyntax parenthesized => IsRepeatable(parenthesized.Expression),
        CastExpressionSyntax cast => IsRepeatable(cast.Expression),
        PrefixUnaryExpressionSyntax prefix => prefix.Kind() is not (SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression) && IsRepeatable(prefix.Operand),
        BinaryExpressionSyntax binary => IsRepeatable(binary.Left) && IsRepeatable(binary.Right),
        ElementAccessExpressionSyntax element => IsRepeatable(element.Expression) && element.ArgumentList.Arguments.All(argument => IsRepeatable(argument.Expression)),
        ConditionalExpressionSyntax choice => IsRepeatable(choice.Condition) && IsRepeatable(choice.WhenTrue) && IsRepeatable(choice.WhenFalse),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "DangerousGetHandle" } handle, ArgumentList.Arguments.Count: 0 } => IsRepeatable(handle.Expression),
        _ => false,
    };

    private string ResultType => _call.Method.ReturnType.ToMinimalDisplayString(_model, _syntax.SpanStart);

    /// <summary>Bindings have structures for ssize_t, which pointers do not move by.</summary>
    private bool IsNumber => _call.Method.ReturnType.SpecialType != SpecialType.None;

    /// <summary>The declaration of the count, unless the statement's own local serves.</summary>
    private string CountDeclaration(string? value) => Assignment is not null
        ? value is null ? "" : $"{_count} = {value};\n"
        : $"{(Declared?.Parent is VariableDeclarationSyntax { Type.IsVar: false } declaration ? declaration.Type.ToString() : ResultType)} {_count}{(value is null ? "" : " = " + value)};\n";

    private string Interrupted => $"{_count} < 0 && {LastError} == 4 /* EINTR */";

    /// <summary>What the runtime kept of errno, or errno itself where nothing is kept: then no call must come in between, and none does.</summary>
    private string LastError => Qualified("System.Runtime.InteropServices.Marshal")
        + (!KeepsLastError ? ".GetLastSystemError()" : Has("GetLastPInvokeError") ? ".GetLastPInvokeError()" : ".GetLastWin32Error()");

    private bool KeepsLastError => _call.Kind switch
    {
        NativeCallKind.FunctionPointer => false,
        NativeCallKind.Delegate => new NativeDeclaration(_call.Signature!, _call.Method, MarshalledBy.Runtime).KeepsLastError,
        _ => NativeDeclaration.OfMethod(_call.Signature!, _call.Method).KeepsLastError,
    };

    private bool Has(string member) => _model.Compilation.GetTypeByMetadataName("System.Runtime.InteropServices.Marshal")?.GetMembers(member).IsEmpty == false;

    private string Qualified(string type) => _model.Compilation.GetTypeByMetadataName(type)?.ToMinimalDisplayString(_model, _syntax.SpanStart) ?? type;

    /// <summary>splice and sendfile: a length that grows smaller. 0 is the end of the source.</summary>
    private string? Length()
    {
        if (_call.Written(NativeRole.Length) is not { } length || _call.Argument(NativeRole.Length)?.Parameter?.Type is not { } type)
            return null;
        string rest = _names.Next("remaining", _syntax);
        string typeName = type.ToMinimalDisplayString(_model, _syntax.SpanStart);
        return CountDeclaration("0")
            + $"{typeName} {rest} = {length.Expression};\n"
            + $"while ({rest} > 0)\n{{\n"
            + $"    {_count} = {CallWith(length, rest)};\n"
            + $"    if ({Interrupted})\n        continue;\n"
            + $"    if ({_count} <= 0)\n        break;\n"
            + $"    {rest} -= ({typeName}){_count};\n}}\n";
    }

    /// <summary>
    /// tee takes nothing out of its source: a second call would copy the same bytes again, so it is repeated only if nothing was copied. What it left
    /// stays where it is if the next call takes no more than was copied.
    /// </summary>
    private string? Again()
    {
        if (_statement is null || TeeConsumer.Of(_call, _statement, _model) is not { } consumer)
            return null;
        _elsewhere = new TextChange(consumer.Length.Expression.Span, $"({consumer.Type.ToMinimalDisplayString(_model, _syntax.SpanStart)}){_count}");
        return CountDeclaration(null) + $"do\n{{\n    {_count} = {_syntax};\n}}\nwhile ({Interrupted});\n";
    }

    /// <summary>vmsplice and writev: a copy of each segment that grows smaller. The kernel takes several segments as one after the other too.</summary>
    private string? Segments()
    {
        if (_call.Written(NativeRole.Segments) is not { } segments || _call.Written(NativeRole.SegmentCount) is not { } number
            || SegmentSource.Of(segments, _model) is not { } source)
        {
            return null;
        }

        bool isOne = _model.GetConstantValue(number.Expression) is { HasValue: true, Value: 1 or 1u or 1L or 1UL };
        string rest = _names.Next("rest", _syntax);
        string each = isOne ? "" : _names.Next("i", _syntax);
        string loop = $"{source.TypeName} {rest} = {(isOne ? source.Only : source.At(each))};\n"
            + $"while ({rest}.{source.Length} > 0)\n{{\n"
            + $"    {_count} = {CallWith(segments, source.Passed(rest), number, "1")};\n"
            + $"    if ({Interrupted})\n        continue;\n"
            + $"    if ({_count} <= 0)\n        break;\n"
            + $"    {source.Advance(rest, IsNumber ? _count : $"(long){_count}")}\n"
            + $"    {source.Shorten(rest, _count)}\n}}\n";
        if (isOne)
            return CountDeclaration("0") + loop;
        string type = _model.GetTypeInfo(number.Expression).ConvertedType?.ToMinimalDisplayString(_model, _syntax.SpanStart) ?? "int";
        return CountDeclaration("0") + $"for ({type} {each} = 0; {each} < {number.Expression} && {_count} >= 0; {each}++)\n{{\n" + Indented(loop, "    ") + "}\n";
    }

    /// <summary>The call's own text with some arguments replaced.</summary>
    private string CallWith(ArgumentSyntax argument, string text, ArgumentSyntax? second = null, string secondText = "")
    {
        IEnumerable<TextChange> changes = new[] { (Argument: argument, Text: text), (Argument: second!, Text: secondText) }
            .Where(pair => pair.Argument is not null)
            .OrderBy(pair => pair.Argument.SpanStart)
            .Select(pair => new TextChange(new TextSpan(Start(pair.Argument) - _syntax.SpanStart, pair.Argument.Span.End - Start(pair.Argument)), pair.Text));
        return SourceText.From(_syntax.ToString()).WithChanges(changes).ToString();
    }

    private static int Start(ArgumentSyntax argument) => argument.NameColon is null ? argument.SpanStart : argument.NameColon.GetLastToken().GetNextToken().SpanStart;

    private string Throw(string message) => $"throw new {Qualified("System.IO.IOException")}({message});";

    private TextChange Body(string loop, TextSpan span)
    {
        SourceText text = _syntax.SyntaxTree.GetText();
        string newLine = text.LineBreakAt(span.Start) + text.IndentationAt(span.Start);
        string lines = string.Join(newLine, Indented(loop + Failure(), "    ").TrimEnd('\n').Split('\n'));
        return new TextChange(span, newLine + "{" + newLine + lines + newLine + "}");
    }

    private IEnumerable<TextChange> Changes(string loop, StatementSyntax statement)
    {
        if (_elsewhere is { } elsewhere)
            yield return elsewhere;
        SourceText text = _syntax.SyntaxTree.GetText();
        string lineBreak = text.LineBreakAt(statement.SpanStart);
        if (statement.Parent is BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax)
        {
            yield return new TextChange(statement.Span, Whole(loop, statement, lineBreak, text.IndentationAt(statement.SpanStart)));
            yield break;
        }

        // An embedded statement becomes a block, with its brace where the statement around it begins.
        string outer = text.IndentationAt(statement.Parent!.SpanStart);
        string block = "{" + lineBreak + outer + "    " + Whole(loop, statement, lineBreak, outer + "    ") + lineBreak + outer + "}";
        TextLine line = text.Lines.GetLineFromPosition(statement.SpanStart);
        bool isOnOwnLine = text.SkipSpaces(line.Start) == statement.SpanStart;
        yield return isOnOwnLine
            ? new TextChange(TextSpan.FromBounds(line.Start, statement.Span.End), outer + block)
            : new TextChange(TextSpan.FromBounds(statement.SpanStart, statement.Span.End), lineBreak + outer + block);
    }

    /// <summary>The loop and what is left of the statement, whose own further lines stay as they are.</summary>
    private string Whole(string loop, StatementSyntax statement, string lineBreak, string indentation)
    {
        (string written, string left) = Rest(statement);
        string before = string.Join(lineBreak + indentation, (loop + written).TrimEnd('\n').Split('\n'));
        return left.Length > 0 ? before + lineBreak + indentation + left : before;
    }

    /// <summary>What follows the loop: a check of its own where nobody looks at the result, and what is left of the statement.</summary>
    private (string Written, string Left) Rest(StatementSyntax statement)
    {
        if (Declared is not null || Assignment is not null)
            return (IsRead(_count, statement) ? "" : Failure(), "");
        if (statement is ExpressionStatementSyntax { Expression: var expression } && (expression == _syntax || expression is AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" } }))
            return (Failure(), "");
        string text = statement.ToString();
        string left = text.Substring(0, _syntax.SpanStart - statement.SpanStart) + _count + text.Substring(_syntax.Span.End - statement.SpanStart);
        bool isUnread = statement is LocalDeclarationStatementSyntax { Declaration.Variables: [var variable] } && !IsRead(variable.Identifier.ValueText, statement);
        return (isUnread ? Failure() : "", left);
    }

    private string Failure()
    {
        string message = Has("GetLastPInvokeErrorMessage") && KeepsLastError ? $"{Qualified("System.Runtime.InteropServices.Marshal")}.GetLastPInvokeErrorMessage()" : $"\"{_call.Function} failed: \" + {LastError}";
        return $"if ({_count} < 0)\n    {Throw(message)}\n";
    }

    /// <summary>True if the local is read further down, so that failure is seen there.</summary>
    private static bool IsRead(string local, StatementSyntax statement) => statement.Parent!.DescendantNodes().OfType<IdentifierNameSyntax>()
        .Any(name => name.SpanStart > statement.Span.End && name.Identifier.ValueText == local && name.Parent is not AssignmentExpressionSyntax);

    private static string Parenthesized(ExpressionSyntax expression) => expression is IdentifierNameSyntax or LiteralExpressionSyntax or MemberAccessExpressionSyntax or CastExpressionSyntax ? expression.ToString() : $"({expression})";

    private static string Indented(string text, string indentation) => string.Concat(text.TrimEnd('\n').Split('\n').Select(line => indentation + line + "\n"));
}
