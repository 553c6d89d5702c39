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
    [InlineData("page-pair")]
    [InlineData("page-touch")]
    [InlineData("page-replace")]
    [InlineData("page-replace-touched")]
    [InlineData("block-pair")]
    [InlineData("block-replace")]
    [InlineData("threads")]
    [InlineData("bump")]
    [InlineData("first-touch")]
    [InlineData("trace")]
    public void Every_lane_of_every_workload_over_memory_runs(string workload)
    {
        string trace = Path.GetTempFileName();
        try
        {
            File.WriteAllText(trace, "a 1000 10\nm 2000 20 40\nr 2000 3000 90000\nf 1000\na 4000 0\nr 4000 5000 100\n");
            ProfileSettings settings = Settings with
            {
                Sizes = workload == "first-touch" ? [4 << 20] : [4096, 64 << 10],
                Live = [10],
                Threads = [1, 3],
                Traces = [trace],
            };
            IReadOnlyList<ProfileCase> cases = ProfilePlan.Create([workload], settings);
            Assert.NotEmpty(cases);
            foreach (LaneSource source in cases.SelectMany(one => one.Lanes))
            {
                using Lane lane = source.Create();
                for (int i = 0; i < 3; i++)
                {
                    Assert.InRange(lane.Run(Math.Max(lane.OperationsPerBatch, 300)), 1, long.MaxValue);
                }
            }
        }
        finally
        {
            File.Delete(trace);
        }
    }

    [Fact]
    public void Nothing_to_run_is_bad_input()
    {
        ToolException e = Assert.Throws<ToolException>(() => ProfilePlan.Create(["trace"], Settings));
        Assert.Equal(ExitCode.BadInput, e.ExitCode);
        Assert.Contains("--trace", e.Message, StringComparison.Ordinal);
        Assert.Throws<ToolException>(() => ProfilePlan.Create(["first-touch"], Settings with { Sizes = [5] }));
    }

    [Fact]
    public void A_quick_plan_is_a_small_one()
    {
        ProfileSettings quick = Settings with { Sizes = [], Live = [], IsQuick = true };
        IReadOnlyList<ProfileCase> cases = ProfilePlan.Create([], quick);
        Assert.All(cases.GroupBy(one => one.Workload).Where(group => group.Key != "threads"), group => Assert.Single(group));
        Assert.True(ProfilePlan.Create([], quick with { IsQuick = false }).Count > cases.Count);
    }
}
