using NativeVm.Tool.Traces;

namespace NativeVm.Tests.Tool.Traces;

public class StraceReaderTests
{
    private const string Anonymous = "mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f220ded4000";

    [Theory]
    [InlineData("", 0)]
    [InlineData("11266 ", 11266)]
    [InlineData("  11266   ", 11266)]
    [InlineData("[pid 11266] ", 11266)]
    [InlineData("[pid   266] ", 266)]
    [InlineData("11266 12:34:56 ", 11266)]
    [InlineData("11266 12:34:56.789012 ", 11266)]
    [InlineData("11266 1700000000.123456 ", 11266)]
    [InlineData("12:34:56.789012 ", 0)]
    [InlineData("     0.000123 ", 0)]
    public void A_process_id_and_a_time_may_stand_before_the_call(string prefix, int processId)
    {
        TraceCall call = TraceText.ReadOne(prefix + Anonymous);
        Assert.Equal(
            new TraceCall(TraceCallKind.MapAnonymous, processId, 0x7f220ded4000, 8192)
            {
                Protection = TraceProtection.Read | TraceProtection.Write,
            },
            call);
    }

    [Theory]
    [InlineData("mmap(0x10000, 0x2000, PROT_NONE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS|MAP_NORESERVE, -1, 0) = 0x10000", TraceProtection.None)]
    [InlineData("mmap(0x10000, 8192, PROT_READ, MAP_SHARED|MAP_ANON, -1, 0) = 0x10000 <0.000012>", TraceProtection.Read)]
    [InlineData("mmap2(NULL, 8192, PROT_READ|PROT_EXEC, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x10000", TraceProtection.Read | TraceProtection.Execute)]
    [InlineData("mmap(NULL, 8192, 0x3, 0x22, -1, 0) = 65536", TraceProtection.Read | TraceProtection.Write)]
    [InlineData("mmap(NULL, 8192, PROT_READ|PROT_WRITE|PROT_EXEC, MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB|21<<MAP_HUGE_SHIFT, -1, 0) = 0x10000", TraceProtection.Read | TraceProtection.Write | TraceProtection.Execute)]
    [InlineData("mmap(NULL, 8192, PROT_WRITE|PROT_GROWSDOWN, MAP_PRIVATE|MAP_ANONYMOUS|MAP_STACK|0x800000, -1, 0) = 0x10000", TraceProtection.Write)]
    public void Anonymous_mappings_are_known_by_their_flags(string line, object protection)
    {
        TraceCall call = TraceText.ReadOne(line);
        Assert.Equal(TraceCallKind.MapAnonymous, call.Kind);
        Assert.Equal((0x10000UL, 0x2000UL, (TraceProtection)protection), (call.Address, call.ByteCount, call.Protection));
    }

    [Theory]
    [InlineData("mmap(NULL, 43171, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7000", "MapFile 7000+43171")]
    [InlineData("mmap(NULL, 43171, PROT_READ, MAP_PRIVATE, 3</lib/a(b, c) = d>, 0x1000) = 0x7000", "MapFile 7000+43171")]
    [InlineData("munmap(0x7000, 43171)     = 0", "Unmap 7000+43171")]
    [InlineData("mprotect(0x7000, 16384, PROT_READ) = 0", "Protect 7000+16384")]
    [InlineData("pkey_mprotect(0x7000, 16384, PROT_NONE, -1) = 0", "Protect 7000+16384")]
    [InlineData("madvise(0x7000, 4096, MADV_DONTNEED) = 0", "Discard 7000+4096")]
    [InlineData("madvise(0x7000, 4096, MADV_FREE) = 0", "Discard 7000+4096")]
    [InlineData("brk(NULL)                         = 0x27dd000", "Break 0+0 -> 27dd000+0")]
    [InlineData("brk(0x27fe000)                    = 0x27fe000", "Break 27fe000+0 -> 27fe000+0")]
    [InlineData("mremap(0x7000, 4096, 8192, MREMAP_MAYMOVE) = 0x9000", "Remap 7000+4096 -> 9000+8192")]
    [InlineData("mremap(0x7000, 4096, 8192, MREMAP_MAYMOVE|MREMAP_FIXED, 0x9000) = 0x9000", "Remap 7000+4096 -> 9000+8192")]
    public void Every_memory_call_has_its_form(string line, string expected)
    {
        TraceCall call = TraceText.ReadOne(line);
        string text = $"{call.Kind} {call.Address:x}+{call.ByteCount}";
        string moved = call.NewAddress == 0 ? string.Empty : $" -> {call.NewAddress:x}+{call.NewByteCount}";
        Assert.Equal(expected, text + moved);
    }

    [Theory]
    [InlineData("mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = -1 ENOMEM (Cannot allocate memory)", "Failed")]
    [InlineData("munmap(0x7000, 4096) = ?", "Failed")]
    [InlineData("mprotect(0x7000, 4096, PROT_READ) = -1 EACCES (Permission denied)", "Failed")]
    [InlineData("madvise(0x7000, 65536, MADV_DODUMP) = 0", "Advice")]
    [InlineData("get_mempolicy([MPOL_DEFAULT], NULL, 0, NULL, 0) = 0", "OtherCall")]
    [InlineData("execve(\"/bin/ls\", [\"ls\"], 0x7ffd /* 8 vars */) = 0", "OtherCall")]
    [InlineData("--- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL} ---", "Note")]
    [InlineData("strace: Process 12 attached", "Note")]
    [InlineData("11 <... mprotect resumed>) = 0", "Resumed")]
    [InlineData("mmap(", "Unparsable")]
    [InlineData("mmap(NULL, 4096", "Unparsable")]
    [InlineData("mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = ", "Unparsable")]
    [InlineData("mmap(NULL, 99999999999999999999999, PROT_READ, MAP_PRIVATE, -1, 0) = 0x1000", "Unparsable")]
    [InlineData("mmap(NULL, -1, PROT_READ, MAP_PRIVATE, -1, 0) = 0x1000", "Unparsable")]
    [InlineData("mmap(NULL, 4096, PROT, MAP_PRIVATE, -1, 0) = 0x1000", "Unparsable")]
    [InlineData("mmap(NULL, 4096, PROT_READ, PRIVATE, -1, 0) = 0x1000", "Unparsable")]
    [InlineData("mmap(NULL, 4096, PROT_READ) = 0x1000", "Unparsable")]
    [InlineData("munmap(0x7000) = 0", "Unparsable")]
    [InlineData("munmap(zebra, 12) = 0", "Unparsable")]
    [InlineData("Once upon a time (in memory) = there was", "Unparsable")]
    [InlineData("11266", "Unparsable")]
    [InlineData("[pid x] munmap(0x7000, 12) = 0", "Unparsable")]
    [InlineData("[pid 12", "Unparsable")]
    [InlineData("11 <... mprotect", "Unparsable")]
    [InlineData("<...  resumed>", "Unparsable")]
    [InlineData("1 2 3 munmap(0x7000, 12) = 0", "Unparsable")]
    [InlineData(")(= = )(", "Unparsable")]
    [InlineData(" = ", "Unparsable")]
    public void A_line_that_is_no_use_is_counted_by_reason(string line, string reason)
    {
        Trace trace = TraceText.Read(line);
        Assert.Empty(trace.Calls);
        Assert.Equal((Enum.Parse<SkipReason>(reason), 1), Assert.Single(trace.Tally.Skipped()));
    }

    [Fact]
    public void An_interrupted_call_is_joined_for_each_thread_and_counts_where_it_ends()
    {
        Trace trace = TraceText.Read(
            "7 mprotect(0x1000, 4096, PROT_READ|PROT_WRITE <unfinished ...>",
            "8 mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0 <unfinished ...>",
            "9 munmap(0x9000, 4096) = 0",
            "8 <... mmap resumed>)           = 0x20000",
            "7 <... mprotect resumed>)           = 0");
        Assert.Equal(
            [(TraceCallKind.Unmap, 9, 0x9000UL), (TraceCallKind.MapAnonymous, 8, 0x20000UL), (TraceCallKind.Protect, 7, 0x1000UL)],
            trace.Calls.Select(call => (call.Kind, call.ProcessId, call.Address)));
        Assert.Equal(0, trace.Tally.SkippedCount);
        Assert.Equal(5, trace.Tally.LineCount);
    }

    [Fact]
    public void An_interrupted_unmapping_counts_where_it_begins_for_its_range_may_be_reused_at_once()
    {
        Trace trace = TraceText.Read(
            "7 munmap(0x1000, 4096 <unfinished ...>",
            "8 mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x1000",
            "7 <... munmap resumed>) = 0");
        Assert.Equal([TraceCallKind.Unmap, TraceCallKind.MapAnonymous], trace.Calls.Select(call => call.Kind));
        Assert.Equal(0, trace.Tally.SkippedCount);
    }

    [Fact]
    public void Calls_that_never_end_are_counted()
    {
        Trace trace = TraceText.Read(
            "7 mprotect(0x1000, 4096, PROT_READ <unfinished ...>",
            "7 mprotect(0x2000, 4096, PROT_READ <unfinished ...>",
            "8 mprotect(0x3000, 4096, PROT_READ <unfinished ...>",
            "8 +++ killed by SIGKILL +++",
            "9 brk(NULL <unfinished ...>",
            "9 <... mmap resumed>) = 0x1000");
        Assert.Equal(4, trace.Tally[SkipReason.Unfinished]);
        Assert.Equal(1, trace.Tally[SkipReason.Resumed]);
        Assert.Equal(TraceCallKind.Exit, Assert.Single(trace.Calls).Kind);
    }

    [Fact]
    public void Exits_and_the_ends_of_children_are_told_and_counted_as_notes()
    {
        Trace trace = TraceText.Read(
            "8 +++ exited with 0 +++",
            "7 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=8, si_uid=0, si_status=0, si_utime=0, si_stime=0} ---");
        Assert.Equal(
            [new TraceCall(TraceCallKind.Exit, 8), new TraceCall(TraceCallKind.ChildEnded, 8)],
            trace.Calls);
        Assert.Equal(2, trace.Tally[SkipReason.Note]);
    }

    [Fact]
    public void Random_damage_never_stops_the_reader()
    {
        Random random = new(1);
        string[] lines =
        [
            "11266 " + Anonymous,
            "11 munmap(0x7f22, 4096) = 0",
            "[pid 3] mprotect(0x1000, 4096, PROT_READ <unfinished ...>",
            "[pid 3] <... mprotect resumed>) = 0",
            "5 +++ exited with 0 +++",
            "5 mremap(0x7000, 4096, 8192, MREMAP_MAYMOVE) = 0x9000",
        ];
        for (int i = 0; i < 20_000; i++)
        {
            char[] line = lines[random.Next(lines.Length)].ToCharArray();
            for (int change = random.Next(4); change >= 0; change--)
            {
                line[random.Next(line.Length)] = (char)random.Next(1, 128);
            }

            int length = random.Next(line.Length + 1);
            Trace trace = TraceText.Read(new string(line, 0, length), "9 " + Anonymous);
            Assert.Contains(trace.Calls, call => call.ProcessId == 9);
        }
    }
}
