using NativeVm.Tool.Commands;
using NativeVm.Tool.Profiling;

namespace NativeVm.Tests.Tool.Profiling;

public class ProfilePlanTests
{
    private static readonly ProfileSettings Settings = new()
    {
        Sizes = [4096, 1 << 20],
        Live = [1000],
        Allocators = [],
        Duration = TimeSpan.FromSeconds(1),
    };

    [Fact]
    public void All_allocators_contend_and_ours_is_the_first()
    {
        IReadOnlyList<ProfileCase> cases = ProfilePlan.Create(["page-touch"], Settings);
        Assert.Equal([4096, 1 << 20], cases.Select(one => one.Parameters["bytes"]));
        Assert.All(cases, one => Assert.Equal("NativeVm", one.Lanes[0].Allocator));
        Assert.All(cases, one => Assert.Contains(one.Lanes, lane => lane.Allocator == "NativeMemory"));
    }

    [Fact]
    public void Chosen_allocators_come_in_the_order_of_choice()
    {
        IReadOnlyList<ProfileCase> cases = ProfilePlan.Create(["page-touch"], Settings with { Allocators = ["SYSTEM", "nativevm", "system"] });
        Assert.All(cases, one => Assert.Equal(["system", "NativeVm"], one.Lanes.Select(lane => lane.Allocator)));
    }

    [Fact]
    public void Unknown_names_are_bad_input_and_the_message_lists_the_known_ones()
    {
        ToolException workload = Assert.Throws<ToolException>(() => ProfilePlan.Create(["x"], Settings));
        Assert.Contains("page-touch", workload.Message, StringComparison.Ordinal);
        ToolException allocator = Assert.Throws<ToolException>(() => ProfilePlan.Create([], Settings with { Allocators = ["x"] }));
        Assert.Contains("NativeMemory", allocator.Message, StringComparison.Ordinal);
        Assert.Equal([ExitCode.BadInput, ExitCode.BadInput], [workload.ExitCode, allocator.ExitCode]);
    }

    [Theory]
    [InlineData("NativeVm")]
    [InlineData("system")]
    [InlineData("NativeMemory")]
    public void Every_allocator_of_pages_runs(string allocator)
    {
        ProfileCase one = ProfilePlan.Create(["page-touch"], Settings with { Allocators = [allocator] })[1];
        using Lane lane = one.Lanes[0].Create();
        Assert.InRange(lane.Run(20), 1, long.MaxValue);
    }
}
