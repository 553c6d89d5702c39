using NativeVm.Tests.Tool.Traces;
using NativeVm.Tool.Replay.Script;
using NativeVm.Tool.Traces;
using static NativeVm.Tests.Tool.Replay.TestReplay;

namespace NativeVm.Tests.Tool.Replay;

public class TracedSpacesTests
{
    private static string ChildEnded(int parent, int child) =>
        $"{parent} --- SIGCHLD {{si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid={child}, si_uid=0}} ---";

    [Fact]
    public void Programs_that_begin_have_address_spaces_of_their_own()
    {
        // Both map the same address; the second one's mapping must not replace the first one's.
        Assert.Equal(
            "map 1 ReadWrite, map 2 ReadWrite, unmap 0+1 end | unmap 0+2 end",
            Requests(
                "1 brk(NULL) = 0x1000",
                MapLine(1, 0x10, 1),
                "2 brk(NULL) = 0x2000",
                MapLine(2, 0x10, 2),
                UnmapLine(1, 0x10, 1)));
    }

    [Fact]
    public void A_break_that_is_known_begins_no_program() => Assert.Equal(
        "map 1 ReadWrite, unmap 0+1 end | ",
        Requests(
            "1 brk(NULL) = 0x1000",
            MapLine(1, 0x10, 1),
            "1 brk(NULL) = 0x1000",
            "1 brk(0x3000) = 0x3000",
            "1 brk(NULL) = 0x3000",
            UnmapLine(1, 0x10, 1)));

    [Fact]
    public void A_process_that_begins_another_program_loses_what_it_had() => Assert.Equal(
        "map 1 ReadWrite, unmap 0+1 end, map 2 ReadWrite | unmap 0+2 end",
        Requests("1 brk(NULL) = 0x1000", MapLine(1, 0x10, 1), "1 brk(NULL) = 0x7000", MapLine(1, 0x10, 2)));

    [Fact]
    public void A_thread_shares_the_address_space_of_the_process_before_it_and_its_exit_ends_nothing() => Assert.Equal(
        "map 1 ReadWrite, map 1 Read, unmap 0+1 end | unmap 0+1 end",
        Requests(
            "1 brk(NULL) = 0x1000",
            MapLine(1, 0x10, 1),
            MapLine(2, 0x20, 1, "PROT_READ"),
            "2 +++ exited with 0 +++",
            UnmapLine(3, 0x10, 1)));

    [Fact]
    public void A_child_that_a_signal_names_is_no_thread()
    {
        string[] lines =
        [
            "1 brk(NULL) = 0x1000",
            MapLine(1, 0x10, 1),
            UnmapLine(2, 0x10, 1),
            MapLine(2, 0x10, 3),
            "2 +++ exited with 0 +++",
            ChildEnded(1, 2),
        ];
        Assert.Equal("map 1 ReadWrite, map 3 ReadWrite, unmap 0+3 end | unmap 0+1 end", Requests(lines));

        Trace trace = TraceText.Read(lines);
        Assert.Equal(2, ScriptBuilder.Build(trace, 4096).AddressSpaceCount);
        Assert.Equal(1, trace.Tally[SkipReason.UnknownAddress]);
    }

    [Fact]
    public void An_exit_unmaps_what_the_process_had_and_its_id_may_come_again() => Assert.Equal(
        "map 1 ReadWrite, unmap 0+1 end, map 2 ReadWrite | unmap 0+2 end",
        Requests(MapLine(7, 0x10, 1), "7 +++ killed by SIGKILL +++", MapLine(7, 0x10, 2)));
}
