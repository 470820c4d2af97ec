using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.KernelModel.Witnesses;

/// <summary>
/// The text form of a trace: <c>v1:</c> and then the steps, separated by commas, each a letter with its operands. It has no spaces and no quotes.
/// <code>
/// a0=managed:8192       region 0 appears, a managed array of 8192 bytes (? where the size is not known)
/// f0@0+4096             the program fills bytes 0-4095 of it
/// h0@0+4096>p0          and hands them off to pipe 0; !g at the end where they are a gift
/// s0@100+1              stores one byte at 100
/// x0:pool               gives region 0 up
/// u0@0+4096             somebody else uses its memory
/// c0+4096               the program copies 4096 bytes out of pipe 0
/// m0>p1+4096            4096 bytes move from pipe 0 to pipe 1; d duplicates them
/// r0@100+1              the consumer reads past 100 bytes of pipe 0, and the one that follows is not what was handed off
/// </code>
/// </summary>
public static class WitnessText
{
    private const string Header = "v1:";
    private const string Letters = "afhsxucmdr";

    private static readonly (RegionKind Kind, string Name)[] Kinds =
    [
        (RegionKind.Native, "native"), (RegionKind.Pooled, "pooled"), (RegionKind.Managed, "managed"), (RegionKind.PinnedHeap, "pinned"),
        (RegionKind.Stack, "stack"), (RegionKind.ReadOnly, "readonly"), (RegionKind.PrivateMapping, "mapping"), (RegionKind.SharedMapping, "shared"),
        (RegionKind.Caller, "caller"), (RegionKind.CallerArray, "callerarray"), (RegionKind.Object, "object"), (RegionKind.ForeignObject, "foreign"),
        (RegionKind.File, "file"),
    ];

    private static readonly (RegionEnd End, string Name)[] Ends =
    [
        (RegionEnd.Allocator, "allocator"), (RegionEnd.Pool, "pool"), (RegionEnd.Handle, "handle"), (RegionEnd.Scope, "scope"),
        (RegionEnd.Frame, "frame"), (RegionEnd.Lost, "lost"), (RegionEnd.Return, "return"), (RegionEnd.Unmap, "unmap"),
    ];

    /// <summary>Writes a trace as text.</summary>
    public static string Encode(IReadOnlyList<TraceStep> steps)
    {
        var text = new StringBuilder(Header);
        for (var i = 0; i < steps.Count; i++)
        {
            if (i > 0) text.Append(',');
            Append(text, steps[i]);
        }
        return text.ToString();
    }

    /// <summary>Reads a trace. Where the text is malformed, <paramref name="error"/> says what was expected and at which character, counted from 0.</summary>
    public static bool TryDecode(string text, out IReadOnlyList<TraceStep> steps, out string error)
    {
        var read = new List<TraceStep>();
        var reader = new Reader(text);
        reader.After(Header);
        while (!reader.Failed)
        {
            read.Add(ReadStep(reader));
            if (reader.Failed || reader.AtEnd) break;
            reader.After(",");
        }
        steps = reader.Failed ? [] : read;
        error = reader.Error;
        return !reader.Failed;
    }

    private static void Append(StringBuilder text, TraceStep step)
    {
        text.Append(Letters[(int)step.Action]);
        switch (step.Action)
        {
            case TraceAction.Region:
                text.Append(FormattableString.Invariant($"{step.Region}={NameOf(Kinds, step.Kind)}:")).Append(step.Size < 0 ? "?" : step.Size.ToString(CultureInfo.InvariantCulture));
                break;
            case TraceAction.HandOff:
                text.Append(FormattableString.Invariant($"{step.Region}@{step.Offset}+{step.Length}>p{step.Pipe}")).Append(step.Gift ? "!g" : "");
                break;
            case TraceAction.GiveUp:
                text.Append(FormattableString.Invariant($"{step.Region}:{NameOf(Ends, step.End)}"));
                break;
            case TraceAction.CopyOut:
                text.Append(FormattableString.Invariant($"{step.Pipe}+{step.Length}"));
                break;
            case TraceAction.Move or TraceAction.Duplicate:
                text.Append(FormattableString.Invariant($"{step.Pipe}>p{step.Target}+{step.Length}"));
                break;
            case TraceAction.Read:
                text.Append(FormattableString.Invariant($"{step.Pipe}@{step.Offset}+{step.Length}"));
                break;
            default:
                text.Append(FormattableString.Invariant($"{step.Region}@{step.Offset}+{step.Length}"));
                break;
        }
    }

    private static TraceStep ReadStep(Reader reader)
    {
        var action = reader.ReadAction();
        switch (action)
        {
            case TraceAction.Region:
                return new TraceStep { Action = action, Region = reader.ReadIndex(), Kind = reader.After("=").ReadName(Kinds, "kind of region"), Size = reader.After(":").ReadSize() };
            case TraceAction.HandOff:
                return new TraceStep
                {
                    Action = action, Region = reader.ReadIndex(), Offset = reader.After("@").ReadNumber(), Length = reader.After("+").ReadNumber(),
                    Pipe = reader.After(">p").ReadIndex(), Gift = reader.Skip("!g"),
                };
            case TraceAction.GiveUp:
                return new TraceStep { Action = action, Region = reader.ReadIndex(), End = reader.After(":").ReadName(Ends, "way to give a region up") };
            case TraceAction.CopyOut:
                return new TraceStep { Action = action, Pipe = reader.ReadIndex(), Length = reader.After("+").ReadNumber() };
            case TraceAction.Move or TraceAction.Duplicate:
                return new TraceStep { Action = action, Pipe = reader.ReadIndex(), Target = reader.After(">p").ReadIndex(), Length = reader.After("+").ReadNumber() };
            case TraceAction.Read:
                return new TraceStep { Action = action, Pipe = reader.ReadIndex(), Offset = reader.After("@").ReadNumber(), Length = reader.After("+").ReadNumber() };
            default:
                return new TraceStep { Action = action, Region = reader.ReadIndex(), Offset = reader.After("@").ReadNumber(), Length = reader.After("+").ReadNumber() };
        }
    }

    private static string NameOf<T>((T Value, string Name)[] names, T value) where T : struct, Enum =>
        Array.Find(names, name => name.Value.Equals(value)).Name;

    /// <summary>Reads from left to right; after the first error everything reads as 0 and nothing moves.</summary>
    private sealed class Reader(string text)
    {
        private int _position;

        public string Error { get; private set; } = "";

        public bool Failed => Error.Length > 0;

        public bool AtEnd => _position == text.Length;

        public bool Skip(string token)
        {
            if (Failed || string.CompareOrdinal(text, _position, token, 0, token.Length) != 0) return false;
            _position += token.Length;
            return true;
        }

        public Reader After(string token)
        {
            if (!Failed && !Skip(token)) Fail($"'{token}'");
            return this;
        }

        public TraceAction ReadAction()
        {
            var index = Failed || AtEnd ? -1 : Letters.IndexOf(text[_position]);
            if (index < 0) Fail($"a step (one of the letters {Letters})");
            else _position++;
            return (TraceAction)Math.Max(index, 0);
        }

        public long ReadNumber()
        {
            var start = _position;
            while (!Failed && !AtEnd && text[_position] is >= '0' and <= '9') _position++;
            // One number has one spelling, so that one trace has one text.
            var isPadded = _position > start + 1 && text[start] == '0';
            if (!isPadded && long.TryParse(text.Substring(start, _position - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
            _position = start;
            Fail("a number");
            return 0;
        }

        public int ReadIndex()
        {
            var start = _position;
            var number = ReadNumber();
            if (number <= int.MaxValue) return (int)number;
            _position = start;
            Fail("a smaller number");
            return 0;
        }

        public long ReadSize() => Skip("?") ? -1 : ReadNumber();

        public T ReadName<T>((T Value, string Name)[] names, string what)
        {
            var end = _position;
            while (end < text.Length && text[end] is >= 'a' and <= 'z') end++;
            var name = text.Substring(_position, end - _position);
            var index = Array.FindIndex(names, candidate => candidate.Name == name);
            if (index < 0) Fail(what);
            else if (!Failed) _position = end;
            return names[Math.Max(index, 0)].Value;
        }

        private void Fail(string expected)
        {
            if (!Failed) Error = $"Expected {expected} at character {_position}{(AtEnd ? ", where the text ends" : "")}.";
        }
    }
}
