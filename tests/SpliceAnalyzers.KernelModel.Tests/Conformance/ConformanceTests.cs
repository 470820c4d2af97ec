using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using CsCheck;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.Tests;
using Xunit;

namespace SpliceAnalyzers.KernelModel.Tests.Conformance;

/// <summary>
/// Random sequences of system calls run in the model and on the running kernel: results, error numbers, FIONREAD and every byte are the same. The
/// model is the one that the search uses, with bytes kept beside its state.
/// </summary>
public class ConformanceTests
{
    private const long Sequences = 20_000;

    /// <summary>How many sequences that were never tried before are asked for; null for those of every run.</summary>
    private static readonly string? FreshSequences = Environment.GetEnvironmentVariable("SPLICE_CONFORMANCE_SEQUENCES");

    private static readonly Gen<Step[]> AnySequence = Step.Any.Array[12, 40];

    [Fact]
    public void The_model_does_what_the_running_kernel_does()
    {
        RunningKernel.Require();
        using var watch = new Watch();
        if (FreshSequences is null) AnySequence.Check(Compare, Sequences, Comparison.Describe);
        else AnySequence.Sample(Compare, iter: long.Parse(FreshSequences, CultureInfo.InvariantCulture), threads: 1, print: Comparison.Describe);

        void Compare(Step[] steps) => new Comparison(steps, watch).Run();
    }

    /// <summary>Ends the process with the calls made so far when one of them does not come back: the model said it would.</summary>
    internal sealed class Watch : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
        private readonly Timer _timer;
        private readonly StringBuilder _calls = new();
        private DateTime _begun = DateTime.UtcNow;

        public Watch() => _timer = new Timer(_ => Look(), null, Patience, Patience);

        public void Begin()
        {
            _begun = DateTime.UtcNow;
            lock (_calls) _calls.Clear();
        }

        public void Calling(KernelCall call)
        {
            lock (_calls) _calls.Append(call).AppendLine();
        }

        private void Look()
        {
            if (DateTime.UtcNow - _begun < Patience) return;
            string calls;
            lock (_calls) calls = _calls.ToString();
            Console.Error.WriteLine("The last of these calls does not return:\n" + calls);
            Environment.FailFast("A system call does not return.");
        }

        public void Dispose() => _timer.Dispose();
    }
}

/// <summary>One sequence in both worlds.</summary>
internal sealed class Comparison(Step[] steps, ConformanceTests.Watch? watch)
{
    private readonly List<(KernelCall Call, Outcome? Model, Outcome Linux)> _done = [];

    /// <summary>Runs the sequence; a difference is an exception that lists the calls.</summary>
    public void Run()
    {
        if (FindDifference() is { } difference) Assert.Fail(difference + "\n" + List());
    }

    /// <summary>The calls of a sequence with what they returned, up to the first difference.</summary>
    public static string Describe(Step[] steps)
    {
        var comparison = new Comparison(steps, null);
        var difference = comparison.FindDifference();
        return "\n" + comparison.List() + difference;
    }

    private string List() => string.Concat(_done.Select(static done => $"  {done.Call} = {(done.Model is null ? "waits" : done.Linux)}\n"));

    private string? FindDifference()
    {
        watch?.Begin();
        using var linux = new LinuxWorld();
        var model = new ModelWorld(linux.IsFileInMemory);
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].Translate(model, i) is { } call && Take(call, linux, model) is { } difference) return difference;
        }
        return CompareAtEnd(linux, model);
    }

    private string? Take(KernelCall call, LinuxWorld linux, ModelWorld model)
    {
        watch?.Calling(call);
        var expected = model.Run(call);
        if (expected is null)
        {
            // Nobody would ever wake this thread.
            _done.Add((call, null, default));
            return null;
        }
        var actual = linux.Run(call);
        _done.Add((call, expected, actual));
        if (expected != actual) return $"{call}: the model says {expected}, the kernel {actual}.";
        if (Array.Exists(call.Arguments, static argument => argument.Kind == ArgumentKind.Cell) && actual.Result >= 0 && model.CellValue != linux.CellValue)
            return $"{call}: the model's offset is {model.CellValue}, the kernel's {linux.CellValue}.";
        for (var pipe = 0; pipe < World.PipeCount; pipe++)
        {
            if (model.BytesQueued(pipe) != linux.BytesQueued(pipe)) return $"{call}: pipe {pipe} holds {model.BytesQueued(pipe)} bytes in the model, {linux.BytesQueued(pipe)} in the kernel.";
        }
        return Stored(call, actual.Result) is var (region, offset, length) ? CompareMemory(call.ToString(), linux, model, region, offset, length) : null;
    }

    /// <summary>Where a call stored what it read.</summary>
    private static Part? Stored(KernelCall call, long count)
    {
        if (call.Kind is not (SystemCallKind.Read or SystemCallKind.Pread) || count <= 0) return null;
        return new Part((int)call.Arguments[1].A, call.Arguments[1].B, count);
    }

    private static string? CompareMemory(string what, LinuxWorld linux, ModelWorld model, int region, long offset, long length)
    {
        var expected = model.Load(region, offset, length);
        var actual = linux.Load(region, offset, length);
        var at = expected.AsSpan().CommonPrefixLength(actual);
        return at == length ? null : $"{what}: byte {at} is {expected[at]} in the model, {actual[at]} in the kernel.";
    }

    /// <summary>Everything left in pipes and sockets is read, and all memory looked at.</summary>
    private string? CompareAtEnd(LinuxWorld linux, ModelWorld model)
    {
        const long most = 32 * World.Page;
        foreach (var source in new[] { 0, 2, 4, World.StreamA, World.StreamA + 1, World.DatagramA, World.DatagramA + 1 })
        {
            for (var more = true; more;)
            {
                var before = _done.Count;
                if (Take(KernelCall.Of(SystemCallKind.Read, Argument.Descriptor(source), Argument.Address(World.Sink, 0), most), linux, model) is { } difference) return difference;
                more = _done[before].Model is { Result: > 0 };
            }
        }
        for (var region = 0; region < World.Sink; region++)
        {
            for (var offset = 0L; offset < model.SizeOf(region); offset += World.Page)
            {
                if (model.CanTouch(region, offset, World.Page) && CompareMemory($"{World.RegionNames[region]}+{offset}", linux, model, region, offset, World.Page) is { } difference)
                    return difference;
            }
        }
        return null;
    }
}
