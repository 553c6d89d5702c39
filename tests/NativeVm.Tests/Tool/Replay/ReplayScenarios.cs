using NativeVm.Platform;
using NativeVm.Tool.Replay;
using NativeVm.Tool.Replay.Script;
using NativeVm.Tool.Replay.Targets;
using NativeVm.Tool.Traces;

namespace NativeVm.Tests.Tool.Replay;

/// <summary>What needs a process of its own: figures of the whole process, in which no other test may run.</summary>
internal static class ReplayScenarios
{
    private const nint ResidentTolerance = 2 << 20;
    private const nint MappingTolerance = 8;

    public static ReplayOptions RealOptions(VmPlatform platform) => new()
    {
        PageSize = platform.PageSize,
        QueryMemory = () =>
        {
            platform.QueryProcess(out ProcessMemory memory).ThrowIfRefused();
            return memory;
        },
    };

    /// <summary>Replays a compiler's trace into both targets and looks at the process after everything is removed.</summary>
    public static void ReplayAndRemove(string[] arguments)
    {
        VmPlatform platform = VmPlatform.Current;
        ReplayOptions options = RealOptions(platform);
        Trace trace = TraceFile.Read(Path.Combine(AppContext.BaseDirectory, "traces", "gcc.strace.gz"));
        ReplayScript script = ScriptBuilder.Build(trace, platform.PageSize);
        Func<IReplayTarget>[] targets = [() => new VmMapTarget(platform, script.PeakMappedByteCount), SystemTarget.Create];
        ReplayComparison.WarmUp(script, targets, options, CancellationToken.None);
        foreach (ReplayRun run in ReplayComparison.Run(script, targets, 3, options, CancellationToken.None))
        {
            Assert.Equal((0L, null), (run.RefusedCount, run.FirstRefusal));
            Assert.InRange(run.PeakResidentGrowth, script.PeakTouchedByteCount * 9 / 10, script.PeakTouchedByteCount * 11 / 10);
            Assert.InRange(run.ResidentLeft, -ResidentTolerance, ResidentTolerance);
            Assert.InRange(run.MappingsLeft, -MappingTolerance, MappingTolerance);
        }
    }
}
