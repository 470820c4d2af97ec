using System;
using System.Threading;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Kernels;
using SpliceAnalyzers.KernelModel.Memory;
using SpliceAnalyzers.KernelModel.Pipes;
using SpliceAnalyzers.KernelModel.Programs;
using SpliceAnalyzers.KernelModel.Values;

namespace SpliceAnalyzers.KernelModel.Costs;

/// <summary>Prices programs by running them once, on the machine on which all goes well: of several ways a call can go, the first.</summary>
public static class ProgramPricing
{
    /// <summary>So many stretches between two choices are run of a program without an end.</summary>
    private const int MostRuns = 100_000;

    /// <summary>What one run of the program costs on a kernel.</summary>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static Price Of(SpliceProgram program, KernelKind kernel, CostTable table, CancellationToken cancellation)
    {
        var image = new ProgramImage(program);
        var arithmetic = new Arithmetic(image.Modulus);
        var meter = new Meter(table, kernel);
        var machine = new Machine(image, new ExplorationOptions { Kernel = kernel }, arithmetic, new Widening(arithmetic, int.MaxValue), new CallPlaces(), meter);
        machine.Begin();
        for (var i = 0; i < MostRuns; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            machine.Choices.Follow(0);
            var outcome = machine.Run();
            meter.Price.IsComplete = outcome == Outcome.Ended;
            if (outcome != Outcome.Paused) break;
        }
        return meter.Price;
    }

    private sealed class Meter(CostTable table, KernelKind kernel) : Observer
    {
        public Price Price { get; } = new();

        private static double PagesOf(long bytes) => bytes / (double)PageSize.Bytes;

        public override void Found(in Hazard hazard) { }

        public override void HandedOff(in HandOffTag tag, long offset, long length, Pipe? pipe, bool isZeroPage)
        {
            var pages = PagesOf(length);
            Price.Pages += pages;
            Price.References += pages * table.Reference(length);
            if (kernel == KernelKind.CowSnapshot) Price.Protection += pages * table.Protection(pages);
        }

        public override void Copied(long bytes)
        {
            Price.Pages += PagesOf(bytes);
            Price.Copying += PagesOf(bytes) * table.Copy;
        }

        public override void TookAway(long bytes) => Price.Protection += PagesOf(bytes) * table.Protection(PagesOf(bytes));

        public override void BrokeAway(long bytes, bool isInFlight) => Price.Faults += PagesOf(bytes) * (isInFlight ? table.CopyFault : table.ReuseFault);

        public override void FirstStored(long bytes) => Price.FreshMemory += PagesOf(bytes) * table.FreshPage;
    }
}
