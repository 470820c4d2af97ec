using System;
using SpliceAnalyzers.KernelModel.Exploration;
using SpliceAnalyzers.KernelModel.Programs;
using Xunit;
using static SpliceAnalyzers.KernelModel.Tests.ProgramBuilder;

namespace SpliceAnalyzers.KernelModel.Tests;

/// <summary>Pages of files in flight (KERNEL.md rules 8 and 17), and what changes them.</summary>
public class SourceFileTests
{
    private const long ReadWrite = 2;
    private const long CreateNew = 0x42;
    private const long Page = 4096;

    private const int AnyPath = 77;

    /// <summary>A file opened, its first two pages spliced to somebody outside, and then what the test does to it.</summary>
    private static (ProgramBuilder Program, int File, int HandOff) SplicedFile(Func<ProgramBuilder, int>? open = null)
    {
        var p = new ProgramBuilder();
        var file = (open ?? (static p => p.System(SystemCallKind.Open, C(AnyPath), C(CreateNew))))(p);
        p.Unless(Op(R(file), BinaryOperator.NotEqual, C(-1)), "done");
        var offset = p.Allocate(RegionKind.Stack, 8);
        p.Keep(R(offset), C(0));
        var handOff = p.Here;
        p.System(SystemCallKind.Splice, R(file), R(offset), C(1), C(0), C(2 * Page), C(0));
        return (p, file, handOff);
    }

    private static void ExpectFileWrite(ProgramBuilder p, int handOff, int culprit)
    {
        p.Label("done");
        p.Return();
        foreach (var consumer in new[] { ConsumerKind.Unknown, ConsumerKind.Copies })
            Expect.Hazards(p.Explore(consumer), (HazardKind.SourceFileWrite, handOff, culprit));
    }

    private static void ExpectSafe(ProgramBuilder p)
    {
        p.Label("done");
        p.Return();
        Expect.Safe(p.Explore());
    }

    [Fact]
    public void A_positioned_write_changes_pages_in_flight()
    {
        var (p, file, handOff) = SplicedFile();
        ExpectFileWrite(p, handOff, p.SystemIgnoringResult(SystemCallKind.Pwrite, R(file), Unknown, C(10), C(5000)));
    }

    [Fact]
    public void A_positioned_write_elsewhere_does_not()
    {
        var (p, file, _) = SplicedFile();
        p.SystemIgnoringResult(SystemCallKind.Pwrite, R(file), Unknown, C(10), C(2 * Page));
        ExpectSafe(p);
    }

    [Fact]
    public void A_write_at_the_position_changes_what_was_spliced_from_there()
    {
        var (p, file, handOff) = SplicedFile();
        ExpectFileWrite(p, handOff, p.SystemIgnoringResult(SystemCallKind.Write, R(file), Unknown, C(10)));
    }

    [Fact]
    public void Splicing_moves_the_position_on_unless_an_offset_is_given()
    {
        var p = new ProgramBuilder();
        var file = p.System(SystemCallKind.MemfdCreate);
        p.Unless(Op(R(file), BinaryOperator.NotEqual, C(-1)), "done");
        p.Unless(Op(R(p.System(SystemCallKind.Write, R(file), Unknown, C(3 * Page))), BinaryOperator.Equal, C(3 * Page)), "done");
        p.System(SystemCallKind.Lseek, R(file), C(0), C(0));
        var handOff = p.Here;
        var moved = p.System(SystemCallKind.Sendfile, C(1), R(file), C(0), C(Page));
        p.Unless(Op(R(moved), BinaryOperator.Equal, C(Page)), "done");
        p.System(SystemCallKind.Write, R(file), Unknown, C(Page));
        p.System(SystemCallKind.Lseek, R(file), C(-1), C(1));
        p.System(SystemCallKind.Lseek, R(file), C(0), C(0));
        ExpectFileWrite(p, handOff, p.SystemIgnoringResult(SystemCallKind.Write, R(file), Unknown, C(1)));
    }

    [Fact]
    public void The_same_path_is_the_same_file_and_another_is_not()
    {
        foreach (var (path, same) in new[] { (C(AnyPath), true), (C(AnyPath + 1), false), (Unknown, false) })
        {
            var (p, _, handOff) = SplicedFile();
            var other = p.System(SystemCallKind.Open, path, C(ReadWrite));
            p.Unless(Op(R(other), BinaryOperator.NotEqual, C(-1)), "done");
            var write = p.SystemIgnoringResult(SystemCallKind.Pwrite, R(other), Unknown, C(1), C(0));
            if (same) ExpectFileWrite(p, handOff, write);
            else ExpectSafe(p);
        }
    }

    [Fact]
    public void An_unknown_path_in_one_register_is_one_file()
    {
        var p = new ProgramBuilder();
        var path = p.Let(Unknown);
        var file = p.System(SystemCallKind.Open, R(path), C(CreateNew));
        p.Unless(Op(R(file), BinaryOperator.NotEqual, C(-1)), "done");
        var handOff = p.Here;
        p.System(SystemCallKind.Sendfile, C(1), R(file), C(0), C(Page));
        p.SystemIgnoringResult(SystemCallKind.Close, R(file));
        var other = p.System(SystemCallKind.Open, R(path), C(ReadWrite));
        p.Unless(Op(R(other), BinaryOperator.NotEqual, C(-1)), "done");
        ExpectFileWrite(p, handOff, p.SystemIgnoringResult(SystemCallKind.Pwrite, R(other), Unknown, C(1), C(0)));
    }

    [Fact]
    public void A_duplicate_is_the_same_file()
    {
        var (p, file, handOff) = SplicedFile();
        var copy = p.System(SystemCallKind.Dup, R(file));
        ExpectFileWrite(p, handOff, p.SystemIgnoringResult(SystemCallKind.Ftruncate, R(copy), C(100)));
    }

    [Fact]
    public void A_descriptor_from_outside_is_one_file_wherever_it_comes_from()
    {
        var parameter = new ProgramBuilder();
        var fd = parameter.Let(Unknown);
        var handOff = parameter.Here;
        parameter.System(SystemCallKind.Sendfile, C(1), R(fd), C(0), C(Page));
        ExpectFileWrite(parameter, handOff, parameter.SystemIgnoringResult(SystemCallKind.Pwrite, R(fd), Unknown, C(1), C(0)));

        var field = new ProgramBuilder();
        var holder = field.Allocate(RegionKind.ForeignObject, 8);
        var first = field.Load(R(holder));
        handOff = field.Here;
        field.System(SystemCallKind.Sendfile, C(1), R(first), C(0), C(Page));
        var second = field.Load(R(holder));
        ExpectFileWrite(field, handOff, field.SystemIgnoringResult(SystemCallKind.Write, R(second), Unknown, C(1)));

        var two = new ProgramBuilder();
        var one = two.Let(Unknown);
        var other = two.Let(Unknown);
        two.System(SystemCallKind.Sendfile, C(1), R(one), C(0), C(Page));
        two.SystemIgnoringResult(SystemCallKind.Pwrite, R(other), Unknown, C(1), C(0));
        ExpectSafe(two);
    }

    [Fact]
    public void What_was_spliced_from_a_socket_is_not_changed_by_an_answer_to_it()
    {
        var p = new ProgramBuilder();
        var socket = p.Let(Unknown);
        p.System(SystemCallKind.Splice, R(socket), C(0), C(1), C(0), C(Page), C(0));
        p.SystemIgnoringResult(SystemCallKind.Write, R(socket), Unknown, C(1));
        ExpectSafe(p);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(Page, false)]
    [InlineData(100, true)]
    [InlineData(Page + 100, true)]
    [InlineData(3 * Page, false)]
    public void Truncating_inside_a_page_zeroes_its_tail(long size, bool isHazard)
    {
        var (p, file, handOff) = SplicedFile();
        var truncate = p.SystemIgnoringResult(SystemCallKind.Ftruncate, R(file), C(size));
        if (isHazard) ExpectFileWrite(p, handOff, truncate);
        else ExpectSafe(p);
    }

    [Theory]
    [InlineData(3, 0, Page, true, false)]
    [InlineData(3, 0, Page, false, true)]
    [InlineData(3, 10, 20, true, true)]
    [InlineData(8, 0, Page, false, false)]
    [InlineData(0x10, 0, Page, false, true)]
    [InlineData(0, 0, 2 * Page, false, false)]
    [InlineData(3, 2 * Page, Page, false, false)]
    public void Holes(long mode, long from, long length, bool isInMemory, bool isHazard)
    {
        var (p, file, handOff) = SplicedFile(isInMemory ? WrittenMemfd : null);
        var punch = p.SystemIgnoringResult(SystemCallKind.Fallocate, R(file), C(mode), C(from), C(length));
        if (isHazard) ExpectFileWrite(p, handOff, punch);
        else ExpectSafe(p);
    }

    private static int WrittenMemfd(ProgramBuilder p)
    {
        var file = p.System(SystemCallKind.MemfdCreate);
        p.Unless(Op(R(p.System(SystemCallKind.Pwrite, R(file), Unknown, C(4 * Page), C(0))), BinaryOperator.Equal, C(4 * Page)), "done");
        return file;
    }

    [Fact]
    public void Pages_of_a_memfd_that_were_never_written_are_the_zero_page()
    {
        var (p, file, _) = SplicedFile(static p =>
        {
            var file = p.System(SystemCallKind.MemfdCreate);
            p.SystemIgnoringResult(SystemCallKind.Ftruncate, R(file), C(4 * Page));
            return file;
        });
        p.SystemIgnoringResult(SystemCallKind.Pwrite, R(file), Unknown, C(1), C(0));
        ExpectSafe(p);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Pages_that_fallocate_comes_across_twice_are_pages_like_others(int times, bool isHazard)
    {
        var (p, file, handOff) = SplicedFile(p =>
        {
            var file = p.System(SystemCallKind.MemfdCreate);
            for (var i = 0; i < times; i++) p.SystemIgnoringResult(SystemCallKind.Fallocate, R(file), C(0), C(0), C(2 * Page));
            return file;
        });
        var write = p.SystemIgnoringResult(SystemCallKind.Pwrite, R(file), Unknown, C(1), C(0));
        if (isHazard) ExpectFileWrite(p, handOff, write);
        else ExpectSafe(p);
    }

    [Fact]
    public void A_direct_source_is_copied()
    {
        var (p, file, _) = SplicedFile(static p => p.System(SystemCallKind.Open, C(AnyPath), C(CreateNew | 0x4000)));
        p.SystemIgnoringResult(SystemCallKind.Pwrite, R(file), Unknown, C(1), C(0));
        ExpectSafe(p);
    }

    [Fact]
    public void Sendfile_from_file_to_file_copies()
    {
        var p = new ProgramBuilder();
        var source = p.System(SystemCallKind.Open, C(AnyPath), C(CreateNew));
        var target = p.System(SystemCallKind.Open, C(AnyPath + 1), C(CreateNew));
        p.System(SystemCallKind.Sendfile, R(target), R(source), C(0), C(Page));
        p.SystemIgnoringResult(SystemCallKind.Pwrite, R(source), Unknown, C(1), C(0));
        ExpectSafe(p);
    }

    [Fact]
    public void A_store_to_a_shared_mapping_changes_pages_in_flight()
    {
        var (p, file, handOff) = SplicedFile();
        var mapping = p.System(SystemCallKind.Mmap, C(0), C(4 * Page), C(3), C(1), R(file), C(0));
        p.Unless(Op(R(mapping), BinaryOperator.NotEqual, C(-1)), "done");
        ExpectFileWrite(p, handOff, p.StoreByte(Add(mapping, Page)));
    }

    [Fact]
    public void Splicing_into_the_file_changes_its_pages_too()
    {
        var (p, file, handOff) = SplicedFile();
        ExpectFileWrite(p, handOff, p.SystemIgnoringResult(SystemCallKind.Splice, C(0), C(0), R(file), C(0), C(100), C(0)));

        var (q, other, second) = SplicedFile();
        var (read, write) = q.Pipe();
        q.System(SystemCallKind.Write, R(write), Unknown, C(100));
        ExpectFileWrite(q, second, q.SystemIgnoringResult(SystemCallKind.Splice, R(read), C(0), R(other), C(0), C(100), C(0)));
    }

    [Fact]
    public void A_read_of_the_program_drains_the_pages()
    {
        var p = new ProgramBuilder();
        var (read, write) = p.Pipe();
        var file = WrittenMemfd(p);
        p.System(SystemCallKind.Lseek, R(file), C(0), C(0));
        p.System(SystemCallKind.Splice, R(file), C(0), R(write), C(0), C(Page), C(0));
        p.System(SystemCallKind.Read, R(read), Unknown, C(Page));
        p.SystemIgnoringResult(SystemCallKind.Pwrite, R(file), Unknown, C(1), C(0));
        ExpectSafe(p);
    }

    [Fact]
    public void Opening_it_with_O_TRUNC_leaves_the_old_pages_to_the_pipe()
    {
        var (p, _, _) = SplicedFile();
        var again = p.System(SystemCallKind.Open, C(AnyPath), C(0x241));
        p.Unless(Op(R(again), BinaryOperator.NotEqual, C(-1)), "done");
        p.SystemIgnoringResult(SystemCallKind.Write, R(again), Unknown, C(2 * Page));
        ExpectSafe(p);
    }

    [Fact]
    public void Opening_it_again_without_O_TRUNC_writes_over_them()
    {
        var (p, _, handOff) = SplicedFile();
        var again = p.System(SystemCallKind.Open, C(AnyPath), C(0x41));
        p.Unless(Op(R(again), BinaryOperator.NotEqual, C(-1)), "done");
        ExpectFileWrite(p, handOff, p.SystemIgnoringResult(SystemCallKind.Write, R(again), Unknown, C(2 * Page)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_written_at_the_end_of_a_file_was_not_there_to_be_spliced(bool appends)
    {
        var (p, _, _) = SplicedFile();
        var again = p.System(SystemCallKind.Open, C(AnyPath), C(appends ? 0x441 : 0x41));
        p.Unless(Op(R(again), BinaryOperator.NotEqual, C(-1)), "done");
        if (!appends) p.SystemIgnoringResult(SystemCallKind.Lseek, R(again), C(0), C(2));
        p.SystemIgnoringResult(SystemCallKind.Write, R(again), Unknown, C(100));
        p.SystemIgnoringResult(SystemCallKind.Write, R(again), Unknown, C(2 * Page));
        ExpectSafe(p);
    }

    [Fact]
    public void An_end_that_another_descriptor_moved_is_the_end_no_longer()
    {
        var (p, file, _) = SplicedFile();
        var again = p.System(SystemCallKind.Open, C(AnyPath), C(0x41));
        p.Unless(Op(R(again), BinaryOperator.NotEqual, C(-1)), "done");
        p.SystemIgnoringResult(SystemCallKind.Lseek, R(again), C(0), C(2));
        p.SystemIgnoringResult(SystemCallKind.Lseek, R(file), C(0), C(2));
        p.SystemIgnoringResult(SystemCallKind.Write, R(file), Unknown, C(Page));
        var handOff = p.Here;
        p.SystemIgnoringResult(SystemCallKind.Sendfile, C(1), R(file), Unknown, C(Page));
        var culprit = p.SystemIgnoringResult(SystemCallKind.Write, R(again), Unknown, C(Page));
        p.Label("done");
        p.Return();
        Assert.Contains(p.Explore().Witnesses, witness => witness.Hazard == HazardKind.SourceFileWrite && witness.HandOff.Site == handOff && witness.Culprit.Site == culprit);
    }
}
