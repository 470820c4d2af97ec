using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace SpliceAnalyzers.Tests.Generated;

/// <summary>What ranges of statements are put into.</summary>
internal sealed partial class MethodText
{
    /// <summary>What every statement may name, and its type.</summary>
    private static readonly (string Name, string Type)[] Variables =
    [
        ("n", "nint"), ("sum", "long"), ("fd", "int"), ("fds", "int*"), ("scratch", "byte*"), ("file", "int"), ("c0", "bool"), ("c1", "bool"), ("x0", "int"), ("x1", "int"),
        ("a0", "byte[]"), ("a1", "byte[]"), ("b0", "byte*"), ("b1", "byte*"),
        ("f0", "int"), ("f1", "int"), ("s0", "FileStream"), ("s1", "FileStream"), ("h0", "SafeFileHandle"), ("h1", "SafeFileHandle"), ("path0", "string"), ("path1", "string"), ("data", "byte*"),
    ];

    private Context _context = new("return;");

    /// <summary>The function around the statements.</summary>
    /// <param name="Return">How to leave it.</param>
    /// <param name="IsSafe">True where pointers are only allowed in blocks of their own.</param>
    /// <param name="Pause">What stands between two statements of it.</param>
    /// <param name="HasNumbers">True when it has its pointers as numbers.</param>
    /// <param name="IsIterator">True when nobody may take the address of its variables.</param>
    private sealed record Context(string Return, bool IsSafe = false, string? Pause = null, bool HasNumbers = false, bool IsIterator = false);

    /// <summary>The lines of a block in a function of its own, and which variables they name.</summary>
    private (List<Line> Lines, (string Name, string Type)[] Names) Apart(Block body, Context context)
    {
        (List<Line> lines, Context outer, int[] pinned) = (_lines, _context, [.. _pinned]);
        (_lines, _context) = ([], context);
        _pinned.Clear();
        Write(body);
        List<Line> own = _lines;
        (_lines, _context) = (lines, outer);
        _pinned.UnionWith(pinned);
        return (own, [.. Variables.Skip(2).Where(v => IsNamed(v.Name, own))]);
    }

    private bool IsNamed(string name, List<Line> lines) =>
        !Enumerable.Range(0, _plan.Buffers.Count).Any(buffer => IsArray(buffer) && name == $"b{buffer}") && lines.Exists(line => Regex.IsMatch(line.Text, $@"\b{name}\b"));

    /// <summary>A statement where pointers need a block of their own; what can pause in it does.</summary>
    private void WriteSafely(Act act)
    {
        int number = _numbers[act];
        if (act is Choice or Loop || act is Wrap { Form: WrapForm.AsyncLocalFunction or WrapForm.Iterator or WrapForm.Try })
            Write(act);
        else
        {
            Context outer = _context;
            (List<Line> lines, (string Name, string Type)[] names) = Apart(new Block([act]), outer with { IsSafe = false, HasNumbers = false });
            Add("unsafe", number);
            Add("{", number);
            if (outer.HasNumbers)
                AddAll(names.Where(static v => v.Type.EndsWith('*')).Select(v => $"{v.Type} {v.Name} = ({v.Type})p{v.Name};"), number);
            _lines.AddRange(lines.Select(static line => line with { Depth = line.Depth + 1 }));
            Add("}", number);
        }

        if (_context.Pause is { } pause)
            Add(pause, number);
    }

    private void AddAll(IEnumerable<string> texts, int owner)
    {
        foreach (string text in texts)
            _lines.Add(new Line(_depth + 1, text, owner));
    }

    /// <summary>A function, or whatever else has a head.</summary>
    private List<Line> Defined(string head, List<Line> body, int owner, string before = "", string after = "", int depth = -1)
    {
        int at = depth < 0 ? _depth : depth;
        int deeper = body.Count > 0 ? at + 1 - body.Min(static line => line.Depth) : 0;
        List<Line> lines = [new(at, head, owner), new(at, "{", owner)];
        if (before.Length > 0)
            lines.Add(new Line(at + 1, before, owner));
        lines.AddRange(body.Select(line => line with { Depth = line.Depth + deeper }));
        if (after.Length > 0)
            lines.Add(new Line(at + 1, after, owner));
        lines.Add(new Line(at, "}", owner));
        return lines;
    }

    private void WriteWrap(Wrap wrap, int number)
    {
        if (!wrap.IsCall)
            WriteAround(wrap, number);
        else if (wrap.Form.ToString().StartsWith("Type", System.StringComparison.Ordinal))
            WriteType(wrap, number);
        else if (wrap.Form.ToString().StartsWith("Member", System.StringComparison.Ordinal))
            WriteMember(wrap, number);
        else if (wrap.Form is WrapForm.Iterator or WrapForm.IteratorLeft or WrapForm.IteratorOfType or WrapForm.AsyncMethod or WrapForm.AsyncLocalFunction or WrapForm.ValueTaskMethod)
            WriteSuspended(wrap, number);
        else if (wrap.Form is WrapForm.StaticLocalFunction or WrapForm.StaticMethod or WrapForm.ByReference or WrapForm.FunctionPointer)
            WriteWithParameters(wrap, number);
        else
            WriteCapturing(wrap, number);
    }

    /// <summary>Functions that use the variables around them.</summary>
    private void WriteCapturing(Wrap wrap, int number)
    {
        bool hasResult = wrap.Form == WrapForm.LambdaWithResult;
        List<Line> body = Apart(wrap.Body, new Context(hasResult ? "return n;" : "return;")).Lines;
        string called = wrap.Form switch
        {
            WrapForm.LocalFunction => Local($"void Step{number}()", $"Step{number}();"),
            WrapForm.MethodGroup => Local($"void Step{number}()", $"Action step{number} = Step{number}; step{number}.Invoke();"),
            WrapForm.RecursionDown => Local($"void Step{number}(int left)", $"Step{number}(2);", $"if (left > 0) {{ Step{number}(left - 1); return; }}"),
            WrapForm.RecursionTwice => Local($"void Step{number}(int left)", $"Step{number}({wrap.Depth});", "if (left == 0) return;", $"Step{number}(left - 1);"),
            WrapForm.LambdaWithResult => Lambda($"Func<nint, nint> step{number} = n =>", $"n = step{number}(n);", "return n;"),
            WrapForm.LambdaPassedOn => Lambda($"Invoke{number}(() =>", "", end: "});"),
            WrapForm.LambdaInField => Lambda($"s_step{number} = () =>", $"s_step{number}();"),
            WrapForm.LambdaInArray => Lambda($"Action none{number} = () => sum++, step{number} = () =>", $"Action[] all{number} = [none{number}, step{number}]; all{number}[1]();"),
            _ => Lambda($"Action step{number} = () =>", $"step{number}();"),
        };
        if (wrap.Form == WrapForm.LambdaPassedOn)
            AddMember($"private static void Invoke{number}(Action action) => action();", number);
        if (wrap.Form == WrapForm.LambdaInField)
            AddMember($"private static Action s_step{number} = static () => {{ }};", number);
        if (called.Length > 0)
            Add(called, number);

        string Local(string head, string call, string before = "", string after = "")
        {
            _lines.AddRange(Defined(head, body, number, before, after));
            return call;
        }

        string Lambda(string head, string call, string after = "", string end = "};")
        {
            List<Line> lines = Defined(head, body, number, "", after);
            lines[^1] = lines[^1] with { Text = end };
            _lines.AddRange(lines);
            return call;
        }
    }

    /// <summary>Members of the same type, which has the variables.</summary>
    private void WriteMember(Wrap wrap, int number)
    {
        Context context = wrap.Form switch
        {
            WrapForm.MemberGetter => new("return 0;"),
            WrapForm.MemberAsync => new("return;", true, "await Task.Yield();"),
            WrapForm.MemberIterator => new("yield break;", true, $"yield return {number};", IsIterator: true),
            _ => new("return;"),
        };
        List<Line> body = Apart(wrap.Body, context).Lines;
        (string head, string after, string call) = wrap.Form switch
        {
            WrapForm.MemberGetter => ($"private {Static}unsafe int Step{number} {{ get", "return 1;", $"sum += Step{number};"),
            WrapForm.MemberAsync => ($"private {Static}async Task Step{number}()", "await Task.CompletedTask;", $"Step{number}().Wait();"),
            WrapForm.MemberIterator => ($"private {Static}IEnumerable<int> Steps{number}()", "yield return 0;", $"foreach (int y{number} in Steps{number}()) sum += y{number};"),
            WrapForm.MemberVirtual when _plan.Storage == Storage.FieldsOfBase => ($"private protected override unsafe void Step{number}()", "", $"Call{number}();"),
            _ => ($"private {Static}unsafe void Step{number}()", "", $"Step{number}();"),
        };
        List<Line> member = Defined(head, body, number, "", after, depth: 1);
        if (wrap.Form == WrapForm.MemberGetter)
            member.Add(new Line(1, "}", number));
        _members.AddRange(member);
        if (wrap.Form == WrapForm.MemberVirtual && _plan.Storage == Storage.FieldsOfBase)
            _baseMembers.Add(new Line(1, $"private protected abstract void Step{number}(); private protected void Call{number}() => Step{number}();", number));
        Add(call, number);
    }

    /// <summary>Functions that get the variables as arguments.</summary>
    private void WriteWithParameters(Wrap wrap, int number)
    {
        bool byReference = wrap.Form == WrapForm.ByReference;
        (List<Line> body, (string Name, string Type)[] names) = Apart(wrap.Body, new Context(byReference ? "return;" : "return n;"));
        string mode = byReference ? "ref " : "";
        string parameters = string.Join(", ", names.Select(v => $"{(byReference && v.Type == "byte[]" ? "in " : "")}{v.Type} {v.Name}").Prepend($"{mode}long sum").Prepend($"{mode}nint n"));
        string arguments = string.Join(", ", names.Select(static v => v.Name).Prepend(mode + "sum").Prepend(mode + "n"));
        string head = $"static {(wrap.Form == WrapForm.StaticLocalFunction ? "" : "unsafe ")}{(byReference ? "void" : "nint")} Step{number}({parameters})";
        if (wrap.Form == WrapForm.StaticLocalFunction)
            _lines.AddRange(Defined(head, body, number, "", "return n;"));
        else
            _members.AddRange(Defined(head, body, number, "", byReference ? "" : "return n;", depth: 1));
        if (wrap.Form == WrapForm.FunctionPointer)
            Add($"delegate*<{string.Join(", ", names.Select(static v => v.Type).Prepend("long").Prepend("nint"))}, nint> step{number} = &Step{number}; n = step{number}({arguments});", number);
        else
            Add($"{(byReference ? "" : "n = ")}Step{number}({arguments});", number);
    }

    /// <summary>Functions that can stop between two statements, and go on.</summary>
    private void WriteSuspended(Wrap wrap, int number)
    {
        bool hasNumbers = wrap.Form is WrapForm.IteratorOfType or WrapForm.AsyncMethod or WrapForm.ValueTaskMethod;
        Context context = wrap.Form switch
        {
            WrapForm.Iterator => new("yield break;", true, $"yield return {number};", _context.HasNumbers, IsIterator: true),
            WrapForm.IteratorLeft => new("yield break;", true, IsIterator: true),
            WrapForm.IteratorOfType => new("{ yield return n; yield break; }", true, "yield return n;", true, true),
            WrapForm.AsyncLocalFunction => new("return;", true, "await Task.Yield();", _context.HasNumbers),
            WrapForm.AsyncMethod => new("return n;", true, "await Task.Yield();", true),
            _ => new("return n;", true, "await Task.CompletedTask.ConfigureAwait(false);", true),
        };
        (List<Line> body, (string Name, string Type)[] names) = Apart(wrap.Body, context);
        string parameters = string.Concat(names.Select(static v => v.Type.EndsWith('*') ? $", nint p{v.Name}" : $", {v.Type} {v.Name}"));
        string arguments = "n" + string.Concat(names.Select(static v => v.Type.EndsWith('*') ? $", (nint){v.Name}" : $", {v.Name}"));
        switch (wrap.Form)
        {
            case WrapForm.Iterator:
                _lines.AddRange(Defined($"IEnumerable<int> Steps{number}()", body, number, "", "yield return 0;"));
                Add($"foreach (int y{number} in Steps{number}()) sum += y{number};", number);
                break;
            case WrapForm.IteratorLeft:
                string stores = string.Concat(names.Where(static v => v.Name[0] is 'a' or 'b').Select(static v => $" {v.Name}[0] = 99;"));
                _lines.AddRange(Defined($"IEnumerable<int> Steps{number}()", body, number, "", $"yield return 0; unsafe {{{stores} }}"));
                Add($"foreach (int y{number} in Steps{number}()) break;", number);
                break;
            case WrapForm.IteratorOfType:
                _members.AddRange(Defined($"static IEnumerable<nint> Steps{number}(nint n{parameters})", body, number, "long sum = 0;", "yield return n;", depth: 1));
                Add($"foreach (nint y{number} in Steps{number}({arguments})) n = y{number};", number);
                break;
            case WrapForm.AsyncLocalFunction:
                _lines.AddRange(Defined($"async Task Step{number}()", body, number, "", "await Task.Yield();"));
                Add($"await Step{number}();", number);
                break;
            default:
                string type = wrap.Form == WrapForm.AsyncMethod ? "Task<nint>" : "ValueTask<nint>";
                _members.AddRange(Defined($"static async {type} Step{number}(nint n{parameters})", body, number, "long sum = 0;", "await Task.Yield(); return n;", depth: 1));
                Add($"n = Step{number}({arguments}).GetAwaiter().GetResult();", number);
                break;
        }
    }

    /// <summary>Objects whose fields are the variables, and whose member does the work.</summary>
    private void WriteType(Wrap wrap, int number)
    {
        bool isStatic = wrap.Form == WrapForm.TypeStatic, isGetter = wrap.Form is WrapForm.TypeWithProperty or WrapForm.TypeWithIndexer;
        (List<Line> body, (string Name, string Type)[] names) = Apart(wrap.Body, new Context(isGetter ? "return 0;" : "return;"));
        (string Name, string Type)[] fields = [("n", "nint"), ("sum", "long"), .. names];
        string type = $"Helper{number}";
        (string head, string before, string after) = wrap.Form switch
        {
            WrapForm.TypeWithProperty => ("public int Step { get", "", "return 1;"),
            WrapForm.TypeWithIndexer => ("public int this[int index] { get", "", "return index;"),
            WrapForm.TypeWithConstructor => ($"public {type}({string.Join(", ", fields.Select(static f => $"{f.Type} {f.Name}_"))})", string.Concat(fields.Select(static f => $"{f.Name} = {f.Name}_; ")), ""),
            WrapForm.TypeWithBase => ("public override void Step()", "", ""),
            WrapForm.TypeDisposed or WrapForm.TypeDisposedAtEnd => ("public void Dispose()", "", ""),
            WrapForm.TypeStatic => ("public static void Step()", "", ""),
            _ => ("public void Step()", "", ""),
        };
        List<Line> member = Defined(head, body, number, before, after, depth: 2);
        if (isGetter)
            member.Add(new Line(2, "}", number));
        string text = string.Concat(fields.Select(f => $"public {(isStatic ? "static " : "")}{f.Type} {f.Name}; "));
        switch (wrap.Form)
        {
            case WrapForm.TypeWithBase:
                AddMember($"private abstract unsafe class Base{number} {{ {text} public abstract void Step(); }}", number);
                _members.AddRange(Defined($"private sealed unsafe class {type} : Base{number}", member, number, depth: 1));
                break;
            case WrapForm.TypeWithInterface:
                AddMember($"private interface IStep{number} {{ void Step(); }}", number);
                _members.AddRange(Defined($"private sealed unsafe class {type} : IStep{number}", member, number, text, depth: 1));
                break;
            default:
                string kind = isStatic ? "static unsafe class" : wrap.Form == WrapForm.TypeInStructure ? "unsafe struct" : "sealed unsafe class";
                string bases = wrap.Form is WrapForm.TypeDisposed or WrapForm.TypeDisposedAtEnd ? " : IDisposable" : "";
                _members.AddRange(Defined($"private {kind} {type}{bases}", member, number, text, depth: 1));
                break;
        }

        string set = string.Join(", ", fields.Select(static f => $"{f.Name} = {f.Name}"));
        string call = wrap.Form switch
        {
            WrapForm.TypeStatic => string.Concat(fields.Select(f => $"{type}.{f.Name} = {f.Name}; ")) + $"{type}.Step(); n = {type}.n;",
            WrapForm.TypeWithConstructor => $"{type} h = new({string.Join(", ", fields.Select(static f => f.Name))}); n = h.n;",
            WrapForm.TypeWithProperty => $"{type} h = new() {{ {set} }}; sum += h.Step; n = h.n;",
            WrapForm.TypeWithIndexer => $"{type} h = new() {{ {set} }}; sum += h[5]; n = h.n;",
            WrapForm.TypeWithBase => $"Base{number} h = new {type} {{ {set} }}; h.Step(); n = h.n;",
            WrapForm.TypeWithInterface => $"{type} h = new() {{ {set} }}; IStep{number} i = h; i.Step(); n = h.n;",
            WrapForm.TypeDisposed => $"{type} h = new() {{ {set} }}; using (h) {{ sum += 1; }} n = h.n;",
            WrapForm.TypeDisposedAtEnd => $"{type} k = new() {{ {set} }}; {{ using {type} h = k; sum += 1; }} n = k.n;",
            _ => $"{type} h = new() {{ {set} }}; h.Step(); n = h.n;",
        };
        string local = $"help{number}";
        Add(Regex.Replace(Regex.Replace(Regex.Replace(call, @"\bh\b", local), @"\bi\b", $"i{number}"), @"\bk\b", $"kept{number}"), number);
    }

    /// <summary>Statements around statements.</summary>
    private void WriteAround(Wrap wrap, int number)
    {
        switch (wrap.Form)
        {
            case WrapForm.Try:
                WriteBlock("try", wrap.Body, number);
                Add("finally { sum += 1; }", number);
                break;
            case WrapForm.Finally:
                Add("try { sum += 1; }", number);
                WriteBlock("finally", wrap.Body, number);
                break;
            case WrapForm.Catch:
                WriteBlock("try", wrap.Body, number);
                Add("catch (InvalidOperationException) { sum += 1; }", number);
                break;
            case WrapForm.Switch:
                Add($"int k{number} = 2; switch (k{number}) {{ case 1: sum += 1; break; case 2:", number);
                WriteBlock("", wrap.Body, number);
                Add("break; default: sum += 2; break; }", number);
                break;
            case WrapForm.SwitchPattern:
                Add($"int k{number} = 7; switch (k{number}) {{ case < 3 or > 100: sum += 1; break; case int and > 5 and not 8:", number);
                WriteBlock("", wrap.Body, number);
                Add("break; case 4: sum += 2; break; }", number);
                break;
            case WrapForm.Label:
                Add($"if (sum >= long.MinValue) goto step{number};", number);
                WriteBlock($"step{number}:", wrap.Body, number);
                break;
            case WrapForm.Lock: WriteBlock("lock (Calls.Gate)", wrap.Body, number); break;
            case WrapForm.UsingOther: WriteBlock($"using (MemoryStream other{number} = new())", wrap.Body, number); break;
            default:
                WriteBlock("do", wrap.Body, number);
                Add("while (false);", number);
                break;
        }
    }
}
