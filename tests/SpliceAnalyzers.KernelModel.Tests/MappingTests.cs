using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests;

/// <summary>Mappings, advice and fork (KERNEL.md rules 4 to 8), as programs.</summary>
public class MappingTests
{
    private const long Page = 4096;
    private const long ReadWrite = 3;
    private const long PrivateAnonymous = 0x22;
    private const long SharedAnonymous = 0x21;
    private const long Shared = 1;
    private const long Private = 2;
    private const long Fixed = 0x10;

    private static int Map(ProgramBuilder p, long length, long flags, Expression? address = null, Expression? file = null, long offset = 0)
    {
        var mapping = p.System(SystemCallKind.Mmap, address ?? C(0), C(length), C(ReadWrite), C(flags), file ?? C(-1), C(offset));
        p.Unless(Op(R(mapping), BinaryOperator.NotEqual, C(-1)), "done");
        return mapping;
    }

    private static int Memfd(ProgramBuilder p, long size = 4 * Page)
    {
        var file = p.System(SystemCallKind.MemfdCreate);
        p.Unless(Op(R(p.System(SystemCallKind.Pwrite, R(file), Unknown, C(size), C(0))), BinaryOperator.Equal, C(size)), "done");
        return file;
    }

    private static Verdict End(ProgramBuilder p)
    {
        p.Label("done");
        p.Return();
        return p.Explore();
    }

    /// <summary>Four written pages handed off, and the site of that.</summary>
    private static (ProgramBuilder Program, int Mapping, int HandOff) HandedOff(long flags)
    {
        var p = new ProgramBuilder();
        var mapping = Map(p, 4 * Page, flags);
        p.StoreBytes(R(mapping), C(4 * Page));
        p.Vmsplice(C(1), mapping, 4 * Page);
        return (p, mapping, p.Here - 1);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(Page, false)]
    [InlineData(2 * Page, false)]
    [InlineData(3 * Page, true)]
    public void Unmapping_a_part_detaches_that_part(long store, bool isHazard)
    {
        var (p, mapping, handOff) = HandedOff(PrivateAnonymous);
        p.SystemIgnoringResult(SystemCallKind.Munmap, Add(mapping, Page), C(2 * Page));
        Map(p, 2 * Page, PrivateAnonymous | Fixed, Add(mapping, Page));
        var culprit = p.StoreByte(Add(mapping, store));
        if (isHazard) Expect.Hazards(End(p), (HazardKind.Store, handOff, culprit));
        else Expect.Safe(End(p));
    }

    [Theory]
    [InlineData(4, PrivateAnonymous, false)]
    [InlineData(4, SharedAnonymous, true)]
    [InlineData(8, PrivateAnonymous, true)]
    [InlineData(9, SharedAnonymous, false)]
    [InlineData(14, PrivateAnonymous, true)]
    public void Advice(long advice, long flags, bool isHazard)
    {
        var (p, mapping, handOff) = HandedOff(flags);
        p.SystemIgnoringResult(SystemCallKind.Madvise, R(mapping), C(4 * Page), C(advice));
        var culprit = p.StoreByte(Add(mapping, Page));
        if (isHazard) Expect.Hazards(End(p), (HazardKind.Store, handOff, culprit));
        else Expect.Safe(End(p));
    }

    [Fact]
    public void Moving_a_mapping_keeps_its_frames()
    {
        var (p, mapping, handOff) = HandedOff(PrivateAnonymous);
        var moved = p.System(SystemCallKind.Mremap, R(mapping), C(4 * Page), C(8 * Page), C(1));
        p.Unless(Op(R(moved), BinaryOperator.NotEqual, C(-1)), "done");
        var culprit = p.StoreByte(R(moved));
        Expect.Hazards(End(p), (HazardKind.Store, handOff, culprit));
    }

    [Fact]
    public void Shrinking_a_mapping_detaches_what_is_cut_off()
    {
        var (p, mapping, _) = HandedOff(PrivateAnonymous);
        var shrunk = p.System(SystemCallKind.Mremap, R(mapping), C(4 * Page), C(Page), C(0));
        p.Unless(Op(R(shrunk), BinaryOperator.NotEqual, C(-1)), "done");
        p.SystemIgnoringResult(SystemCallKind.Madvise, R(shrunk), C(Page), C(4));
        p.StoreBytes(R(shrunk), C(4 * Page));
        Expect.Safe(End(p));
    }

    [Fact]
    public void Protecting_pages_snapshots_nothing()
    {
        var (p, mapping, handOff) = HandedOff(PrivateAnonymous);
        p.SystemIgnoringResult(SystemCallKind.Mprotect, R(mapping), C(4 * Page), C(0));
        p.SystemIgnoringResult(SystemCallKind.Mprotect, R(mapping), C(4 * Page), C(ReadWrite));
        var culprit = p.StoreByte(R(mapping));
        Expect.Hazards(End(p), (HazardKind.Store, handOff, culprit));
    }

    [Fact]
    public void Pages_without_access_are_not_handed_off()
    {
        var p = new ProgramBuilder();
        var mapping = Map(p, 2 * Page, PrivateAnonymous);
        p.StoreBytes(R(mapping), C(2 * Page));
        p.SystemIgnoringResult(SystemCallKind.Mprotect, R(mapping), C(2 * Page), C(0));
        p.Vmsplice(C(1), mapping, 2 * Page);
        p.StoreByte(R(mapping));
        Expect.Safe(End(p));
    }

    [Fact]
    public void Two_shared_mappings_of_one_file_alias_each_other()
    {
        var p = new ProgramBuilder();
        var file = Memfd(p);
        var one = Map(p, 4 * Page, Shared, file: R(file));
        var other = Map(p, 2 * Page, Shared, file: R(file), offset: Page);
        p.Vmsplice(C(1), one, Page);
        var handOff = p.Here - 1;
        p.StoreByte(R(other));
        p.StoreByte(Add(one, Page));
        var culprit = p.StoreByte(Add(one, 5));
        Expect.Hazards(End(p), (HazardKind.Store, handOff, culprit));

        var q = new ProgramBuilder();
        file = Memfd(q);
        one = Map(q, 4 * Page, Shared, file: R(file));
        other = Map(q, 2 * Page, Shared, file: R(file), offset: Page);
        q.Vmsplice(C(1), Add(one, Page), C(Page));
        handOff = q.Here - 1;
        culprit = q.StoreByte(R(other));
        Expect.Hazards(End(q), (HazardKind.Store, handOff, culprit));
    }

    [Fact]
    public void A_ring_of_two_fixed_mappings_is_one_page()
    {
        var p = new ProgramBuilder();
        var file = Memfd(p, Page);
        var range = Map(p, 2 * Page, PrivateAnonymous);
        Map(p, Page, Shared | Fixed, R(range), R(file));
        Map(p, Page, Shared | Fixed, Add(range, Page), R(file));
        p.Vmsplice(C(1), range, 100);
        var handOff = p.Here - 1;
        p.StoreByte(Add(range, Page + 100));
        var culprit = p.StoreByte(Add(range, Page + 99));
        Expect.Hazards(End(p), (HazardKind.Store, handOff, culprit));
    }

    [Fact]
    public void Unmapping_and_mapping_a_file_again_does_not_end_the_alias()
    {
        var p = new ProgramBuilder();
        var file = Memfd(p);
        var one = Map(p, 4 * Page, Shared, file: R(file));
        p.Vmsplice(C(1), one, Page);
        var handOff = p.Here - 1;
        p.SystemIgnoringResult(SystemCallKind.Munmap, R(one), C(4 * Page));
        var other = Map(p, 4 * Page, Shared, file: R(file));
        var culprit = p.StoreByte(R(other));
        Expect.Hazards(End(p), (HazardKind.Store, handOff, culprit));
    }

    [Fact]
    public void A_positioned_write_is_a_store_to_the_mapped_page()
    {
        var p = new ProgramBuilder();
        var file = Memfd(p);
        var mapping = Map(p, 4 * Page, Shared, file: R(file));
        p.Vmsplice(C(1), mapping, Page);
        var handOff = p.Here - 1;
        var culprit = p.SystemIgnoringResult(SystemCallKind.Pwrite, R(file), Unknown, C(1), C(0));
        Expect.Hazards(End(p), (HazardKind.Store, handOff, culprit));
    }

    [Fact]
    public void Own_stores_to_a_private_file_mapping_are_invisible_and_writes_to_the_file_are_not()
    {
        var own = new ProgramBuilder();
        var file = Memfd(own);
        var mapping = Map(own, 4 * Page, Private, file: R(file));
        own.Vmsplice(C(1), mapping, Page);
        own.StoreByte(R(mapping));
        Expect.Safe(End(own));

        var others = new ProgramBuilder();
        file = Memfd(others);
        mapping = Map(others, 4 * Page, Private, file: R(file));
        others.Vmsplice(C(1), mapping, Page);
        var handOff = others.Here - 1;
        var culprit = others.SystemIgnoringResult(SystemCallKind.Pwrite, R(file), Unknown, C(1), C(0));
        Expect.Hazards(End(others), (HazardKind.Store, handOff, culprit));

        var written = new ProgramBuilder();
        file = Memfd(written);
        mapping = Map(written, 4 * Page, Private, file: R(file));
        written.StoreByte(R(mapping));
        written.Vmsplice(C(1), mapping, Page);
        handOff = written.Here - 1;
        written.SystemIgnoringResult(SystemCallKind.Pwrite, R(file), Unknown, C(1), C(0));
        culprit = written.StoreByte(R(mapping));
        Expect.Hazards(End(written), (HazardKind.Store, handOff, culprit));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void After_a_fork_a_store_goes_to_another_page_until_it_was_stored_to(bool storesFirst, bool isHazard)
    {
        var p = new ProgramBuilder();
        var buffer = p.Allocate(RegionKind.Native, Page);
        p.StoreBytes(R(buffer), C(Page));
        p.System(SystemCallKind.Fork);
        if (storesFirst) p.StoreByte(R(buffer));
        p.Vmsplice(C(1), buffer, Page);
        var handOff = p.Here - 1;
        var culprit = p.StoreByte(R(buffer));
        // In the process that did not fork after all, nothing is shared.
        if (isHazard) Expect.Hazards(End(p), (HazardKind.Store, handOff, culprit));
        else Assert.Equal(HazardKind.Store, Assert.Single(End(p).Witnesses).Hazard);
    }

    [Fact]
    public void A_fork_after_the_hand_off_keeps_the_pipe_as_it_is()
    {
        foreach (var shared in new[] { false, true })
        {
            var (p, mapping, handOff) = HandedOff(shared ? SharedAnonymous : PrivateAnonymous);
            p.Unless(Op(C(0), BinaryOperator.LessOrEqual, R(p.System(SystemCallKind.Fork))), "done");
            var culprit = p.StoreByte(R(mapping));
            if (shared) Expect.Hazards(End(p), (HazardKind.Store, handOff, culprit));
            else Expect.Safe(End(p));
        }
    }

    [Fact]
    public void A_page_that_broke_away_after_a_fork_is_shared_no_more()
    {
        var (p, mapping, _) = HandedOff(PrivateAnonymous);
        p.Unless(Op(C(0), BinaryOperator.LessOrEqual, R(p.System(SystemCallKind.Fork))), "done");
        p.StoreByte(R(mapping));
        p.Vmsplice(C(1), mapping, 2 * Page);
        var handOff = p.Here - 1;
        p.StoreByte(Add(mapping, Page));
        var culprit = p.StoreByte(R(mapping));
        Expect.Hazards(End(p), (HazardKind.Store, handOff, culprit));
    }
}
