using NativeVm.Tests.Tool.Traces;
using NativeVm.Tool.Spaces;
using NativeVm.Tool.Traces;
using static NativeVm.Tests.Tool.Replay.TestReplay;

namespace NativeVm.Tests.Tool.Spaces;

public class TracedProcessTests
{
    [Fact]
    public void The_peak_and_the_end_are_those_of_the_largest_program()
    {
        Trace trace = TraceText.Read(
            "1 brk(NULL) = 0x1000",
            MapLine(1, 0x10, 4),
            "2 brk(NULL) = 0x2000",
            MapLine(2, 0x20, 8),
            MapFileLine(2, 0x40, 2),
            ProtectLine(2, 0x20, 2, "PROT_NONE"),
            UnmapLine(2, 0x21, 5),
            MapLine(2, 0x60, 1, "PROT_NONE"),
            "2 +++ exited with 0 +++",
            UnmapLine(1, 0x10, 4));
        Assert.Equal("20000-28000 rw-p, 40000-42000 r--p", Describe(trace, TraceMoment.Peak));
        Assert.Equal("20000-21000 ---p, 26000-28000 rw-p, 40000-42000 r--p, 60000-61000 ---p", Describe(trace, TraceMoment.End));
    }

    [Fact]
    public void A_remap_takes_its_protection_along()
    {
        Trace trace = TraceText.Read(
            MapLine(1, 0x10, 4),
            "1 mremap(0x10000, 16384, 32768, MREMAP_MAYMOVE) = 0x80000");
        Assert.Equal("80000-88000 rw-p", Describe(trace, TraceMoment.End));
    }

    [Fact]
    public void Ranges_that_cannot_be_are_left_out()
    {
        Trace trace = TraceText.Read(
            MapLine(1, 0x10, 1),
            "1 mmap(NULL, 18446744073709551615, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x20000",
            "1 munmap(0xfffffffffffff000, 9223372036854775808) = 0");
        Assert.Equal("10000-11000 rw-p", Describe(trace, TraceMoment.Peak));
    }

    private static string Describe(Trace trace, TraceMoment moment)
    {
        AddressSpace space = new TracedProcess(trace, moment).TryRead()!;
        Assert.False(space.HasResidency);
        return string.Join(", ", space.Regions.Select(region => $"{region.Start:x}-{region.End:x} {region.AccessText}"));
    }
}
