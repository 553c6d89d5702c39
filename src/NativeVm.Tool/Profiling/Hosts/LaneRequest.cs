namespace NativeVm.Tool.Profiling.Hosts;

/// <summary>Which lane a process is to run, as the process that wants it writes it.</summary>
internal sealed record LaneRequest
{
    /// <summary>The workload.</summary>
    public required string Workload { get; init; }

    /// <summary>The title of the case among those of the workload.</summary>
    public required string Title { get; init; }

    /// <summary>The allocator as the command line names it: a name, a path, or <c>name=path</c>.</summary>
    public required string Allocator { get; init; }

    /// <summary>The settings that make the case.</summary>
    public required ProfileSettings Settings { get; init; }
}
