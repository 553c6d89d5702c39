using NativeVm.Tool.Profiling.Allocators;
using NativeVm.Tool.Profiling.Memory;
using NativeVm.Tool.Traces.Malloc;

namespace NativeVm.Tool.Profiling.Workloads;

/// <summary>Replays malloc traces of real programs; an operation is one heap call.</summary>
internal sealed class TraceWorkload : IWorkload
{
    /// <summary>The name of the workload.</summary>
    public const string WorkloadName = "trace";

    /// <inheritdoc/>
    public string Name => WorkloadName;

    /// <inheritdoc/>
    public string Description => "a heap call of a real program (with --trace FILE)";

    /// <inheritdoc/>
    public IEnumerable<ProfileCase> CreateCases(ProfileSettings settings) => settings.Traces.Select(path =>
    {
        Lazy<MallocTrace> trace = new(() => MallocReader.Read(path));
        TraceMaker maker = new(trace);
        return new ProfileCase(
            Name,
            Path.GetFileName(path),
            new Dictionary<string, long> { ["fileBytes"] = File.Exists(path) ? new FileInfo(path).Length : 0 },
            [.. AllocatorRegistry.For(AllocatorUses.Heap, settings).Select(source => new LaneSource(source.Name, () => source.MakeLane(maker))
            {
                Prepare = () => _ = trace.Value,
                Rehearse = source.Rehearse,
            })])
        {
            IsSeparate = true,
        };
    });
}
