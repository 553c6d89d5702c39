namespace NativeVm.Tool.Profiling.Hosts;

/// <summary>Decides where lanes run.</summary>
internal static class LaneHosts
{
    /// <summary>Starts a lane: in a process of its own where its case wants that and it can be done.</summary>
    /// <param name="settings">The settings that made the case.</param>
    /// <param name="profileCase">The case.</param>
    /// <param name="source">The lane.</param>
    /// <param name="patience">How long a process may take to answer; null for a minute.</param>
    /// <exception cref="LaneLostException">It does not start.</exception>
    public static ILaneHost Start(
        ProfileSettings settings, ProfileCase profileCase, LaneSource source, TimeSpan? patience = null) =>
        profileCase.IsSeparate && SelfProcess.IsPossible
            ? new ChildLaneHost(
                new LaneRequest
                {
                    Workload = profileCase.Workload,
                    Title = profileCase.Title,
                    Allocator = source.Allocator,
                    Settings = settings,
                },
                patience)
            : new LocalLaneHost(source);
}
