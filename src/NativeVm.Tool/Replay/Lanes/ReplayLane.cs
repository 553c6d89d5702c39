using NativeVm.Platform;
using NativeVm.Tool.Commands;
using NativeVm.Tool.Replay.Heaps;
using NativeVm.Tool.Replay.Script;
using NativeVm.Tool.Replay.Targets;
using NativeVm.Tool.Traces;

namespace NativeVm.Tool.Replay.Lanes;

/// <summary>One trace through one allocator, in this process.</summary>
/// <param name="Allocator">The allocator as the command line names it.</param>
/// <param name="IsTouching">Whether pages are touched.</param>
internal sealed record ReplayLane(string Allocator, bool IsTouching)
{
    /// <summary>The name of ours.</summary>
    public const string Ours = "NativeVm";

    /// <summary>The name of the operating system's own calls.</summary>
    public const string System = "system";

    /// <summary>The lanes of a trace of memory calls when none are named.</summary>
    public static IReadOnlyList<string> OfMemory { get; } = [Ours, System];

    /// <summary>Replays a trace once unmeasured and once measured.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="cancellation">Ends the work between the two.</param>
    /// <exception cref="ToolException">The allocator is not for such a trace.</exception>
    public ReplayRun Run(AnyTrace trace, CancellationToken cancellation) =>
        trace.Memory is not null ? Run(trace.Memory, cancellation) : HeapReplay.Run(trace.Heap!, this, cancellation);

    /// <summary>How replays are made on this system.</summary>
    public ReplayOptions Options() => new()
    {
        PageSize = VmPlatform.Current.PageSize,
        QueryMemory = QueryMemory,
        IsTouching = IsTouching,
    };

    private ReplayRun Run(Trace trace, CancellationToken cancellation)
    {
        VmPlatform platform = VmPlatform.Current;
        ReplayScript script = ScriptBuilder.Build(trace, platform.PageSize);
        Func<IReplayTarget> target = Allocator switch
        {
            Ours => () => new VmMapTarget(platform, script.PeakMappedByteCount),
            System => SystemTarget.Create,
            _ => throw ToolException.BadInput($"'{Allocator}' maps no memory; memory calls go to {Ours} and to {System}."),
        };
        ReplayOptions options = Options();
        ReplayComparison.WarmUp(script, [target], options, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return ReplayEngine.Run(script, target, options);
    }

    private static ProcessMemory QueryMemory()
    {
        VmPlatform.Current.QueryProcess(out ProcessMemory memory).ThrowIfRefused();
        return memory;
    }
}
