using NativeVm.Tests.Support;
using NativeVm.Tool.Profiling;
using NativeVm.Tool.Profiling.Hosts;

namespace NativeVm.Tests.Tool.Profiling.Hosts;

public class ChildLaneHostTests
{
    [CapabilityFact(Needs.Posix)]
    public void A_lane_in_a_process_of_its_own_tells_what_its_memory_is()
    {
        ProfileSettings settings = new() { Sizes = [64 << 10], Live = [500], Duration = TimeSpan.FromSeconds(1) };
        using ChildLaneHost host = new(new LaneRequest
        {
            Workload = "page-replace-touched",
            Title = "64 KiB (500)",
            Allocator = "system",
            Settings = settings,
        });
        host.WaitUntilReady();
        host.WarmUp();
        LaneSlice slice = host.Run(TimeSpan.FromMilliseconds(5));
        Assert.NotEmpty(slice.Samples);
        Assert.InRange(slice.SystemCallCount ?? 0, 2, long.MaxValue);

        // 500 runs of 64 KiB in the mean, and what the runtime itself touches.
        Assert.InRange(slice.PageFaultCount ?? 0, 1UL, ulong.MaxValue);
        Assert.InRange(slice.ResidentPeak ?? 0, 28UL << 20, 64UL << 20);
    }

    [CapabilityFact(Needs.Posix)]
    public void A_lane_that_cannot_be_made_is_lost_with_its_reason()
    {
        using ChildLaneHost host = new(new LaneRequest
        {
            Workload = "page-pair",
            Title = "frob",
            Allocator = "system",
            Settings = new ProfileSettings { Duration = TimeSpan.FromSeconds(1) },
        });
        LaneLostException e = Assert.Throws<LaneLostException>(host.WaitUntilReady);
        Assert.Contains("frob", e.Message, StringComparison.Ordinal);
        Assert.Throws<LaneLostException>(host.WarmUp);
    }
}
