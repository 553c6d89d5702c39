using NativeVm.Tests.Tool.Traces;
using NativeVm.Tool.Replay.Script;
using NativeVm.Tool.Traces;
using static NativeVm.Tests.Tool.Replay.TestReplay;

namespace NativeVm.Tests.Tool.Replay;

public class ScriptBuilderTests
{
    [Fact]
    public void A_mapping_and_its_unmapping_are_one_block() =>
        Assert.Equal("map 4 ReadWrite, unmap 0+4 end | ", Requests(MapLine(1, 0x10, 4), UnmapLine(1, 0x10, 4)));

    [Fact]
    public void Lengths_are_rounded_up_to_pages() => Assert.Equal(
        "map 2 Read, unmap 0+2 end | ",
        Requests("mmap(NULL, 4097, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x10000", "munmap(0x10000, 8000) = 0"));

    [Fact]
    public void Parts_are_unmapped_and_protected_by_their_offset() => Assert.Equal(
        "map 8 None, protect 2+3 ReadWrite, unmap 0+1, unmap 7+1 | unmap 1+6 end",
        Requests(
            MapLine(1, 0x10, 8, "PROT_NONE"),
            ProtectLine(1, 0x12, 3, "PROT_READ|PROT_WRITE"),
            UnmapLine(1, 0x10, 1),
            UnmapLine(1, 0x17, 1)));

    [Fact]
    public void A_call_over_several_blocks_is_a_step_for_each() => Assert.Equal(
        "map 2 ReadWrite, map 2 ReadWrite, protect 1+1 Read, protect 0+1 Read, unmap 0+2 end, unmap 0+2 end | ",
        Requests(MapLine(1, 0x10, 2), MapLine(1, 0x12, 2), ProtectLine(1, 0x11, 2, "PROT_READ"), UnmapLine(1, 0, 64)));

    [Fact]
    public void A_change_over_parts_that_differ_is_one_call() => Assert.Equal(
        "map 4 None, protect 1+1 Read, protect 0+4 ReadWrite | unmap 0+4 end",
        Requests(MapLine(1, 0x10, 4, "PROT_NONE"), ProtectLine(1, 0x11, 1, "PROT_READ"), ProtectLine(1, 0x10, 4, "PROT_READ|PROT_WRITE")));

    [Fact]
    public void A_fixed_mapping_over_own_pages_replaces_them_in_place_and_maps_the_rest_anew() => Assert.Equal(
        "map 4 ReadWrite, map 1 Read, replace 0+4 Read, map 2 Read | unmap 0+1 end, unmap 0+4 end, unmap 0+2 end",
        Requests(MapLine(1, 0x10, 4), MapLine(1, 0xf, 7, "PROT_READ")));

    [Fact]
    public void A_file_over_own_pages_unmaps_them_and_what_concerns_it_is_left_out()
    {
        string[] lines = [MapLine(1, 0x10, 4), MapFileLine(1, 0x11, 2), ProtectLine(1, 0x11, 2, "PROT_NONE"), UnmapLine(1, 0x11, 2)];
        Assert.Equal("map 4 ReadWrite, unmap 1+2 | unmap 0+1, unmap 3+1 end", Requests(lines));

        Trace trace = TraceText.Read(lines);
        _ = ScriptBuilder.Build(trace, 4096);
        Assert.Equal((SkipReason.File, 3), Assert.Single(trace.Tally.Skipped()));
    }

    [Fact]
    public void Writable_and_executable_at_once_is_replayed_as_read_write_and_counted()
    {
        string line = MapLine(1, 0x10, 1, "PROT_READ|PROT_WRITE|PROT_EXEC");
        Assert.Equal("map 1 ReadWrite | unmap 0+1 end", Requests(line));
        Assert.Equal(1, Script(line).WriteExecuteCount);
    }

    [Theory]
    [InlineData("mremap(0x10000, 8192, 16384, MREMAP_MAYMOVE) = 0x30000", "map 2 ReadWrite, map 4 ReadWrite, unmap 0+2 end | unmap 0+4 end")]
    [InlineData("mremap(0x10000, 8192, 16384, MREMAP_MAYMOVE) = 0x10000", "map 2 ReadWrite, map 2 ReadWrite | unmap 0+2 end, unmap 0+2 end")]
    [InlineData("mremap(0x10000, 8192, 4096, MREMAP_MAYMOVE) = 0x10000", "map 2 ReadWrite, unmap 1+1 | unmap 0+1 end")]
    [InlineData("mremap(0x10000, 8192, 8192, 0) = 0x10000", "map 2 ReadWrite | unmap 0+2 end")]
    public void A_resized_mapping_becomes_mappings_and_unmappings(string line, string expected) => Assert.Equal(
        expected, Requests(MapLine(1, 0x10, 2), "1 " + line));

    [Fact]
    public void Pages_given_back_and_touched_again_are_touched_again()
    {
        ReplayScript script = Script(
            MapLine(1, 0x10, 4), "1 madvise(0x11000, 4096, MADV_DONTNEED) = 0", ProtectLine(1, 0x10, 4, "PROT_READ|PROT_WRITE"));
        Assert.Equal(
            ["Map 0+4", "Touch 0+4", "Discard 1+1", "Protect 0+4", "Touch 1+1"],
            script.Steps.Select(step => $"{step.Kind} {step.Offset / 4096}+{step.ByteCount / 4096}"));
        Assert.Equal(5UL * 4096, script.TouchedByteCount);
        Assert.Equal(4UL * 4096, script.PeakTouchedByteCount);
    }

    [Theory]
    [InlineData("1 munmap(0x99000, 4096) = 0", "UnknownAddress")]
    [InlineData("1 mprotect(0x99000, 4096, PROT_READ) = 0", "UnknownAddress")]
    [InlineData("1 mremap(0x99000, 4096, 8192, 0) = 0x99000", "UnknownAddress")]
    [InlineData("1 madvise(0x99000, 4096, MADV_FREE) = 0", "UnknownAddress")]
    [InlineData("1 munmap(0x10001, 4096) = 0", "ImpossibleRange")]
    [InlineData("1 munmap(0x10000, 0) = 0", "ImpossibleRange")]
    [InlineData("1 munmap(0x10000, 18446744073709551615) = 0", "ImpossibleRange")]
    [InlineData("1 munmap(0xfffffffffffff000, 8192) = 0", "ImpossibleRange")]
    [InlineData("1 mmap(NULL, 9223372036854775808, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x10000", "ImpossibleRange")]
    [InlineData("1 mremap(0x10000, 4096, 0, 0) = 0x10000", "ImpossibleRange")]
    [InlineData("1 brk(0x99000) = 0x99000", "Break")]
    public void What_cannot_be_replayed_is_counted_and_changes_nothing(string line, string reason)
    {
        Trace trace = TraceText.Read(MapLine(1, 0x10, 4), line);
        ReplayScript script = ScriptBuilder.Build(trace, 4096);
        Assert.Equal((Enum.Parse<SkipReason>(reason), 1), Assert.Single(trace.Tally.Skipped()));
        Assert.Equal(2, script.Steps.Length);
        Assert.Single(script.Removal);
    }

    [Fact]
    public void The_fullest_step_is_where_most_bytes_are_accessible()
    {
        ReplayScript script = Script(
            MapLine(1, 0x10, 4), MapLine(1, 0x100, 400, "PROT_NONE"), MapLine(1, 0x20, 2), UnmapLine(1, 0x10, 4), MapLine(1, 0x30, 3));
        Assert.Equal(5, script.FullestStep);
        Assert.Equal(406UL * 4096, script.PeakMappedByteCount);
    }

    [Fact]
    public void A_traced_page_is_one_page_of_this_machine()
    {
        Trace trace = TraceText.Read(MapLine(1, 0x10, 4), UnmapLine(1, 0x11, 1));
        ReplayScript script = ScriptBuilder.Build(trace, 16384);
        Assert.Equal((4U * 16384, 16384U, 16384U), (script.Steps[0].ByteCount, script.Steps[2].Offset, script.Steps[2].ByteCount));
    }
}
