namespace NativeVm.Tool.Profiling.Hosts;

/// <summary>Decides where lanes run.</summary>
internal static class LaneHosts
{
    /// <summary>Starts a lane: in a process of its own where its case wants that and it can be done.</summary>
    /// <param name="settings">The settings that made the case.</param>
    /// <param name="profileCase">The case.</param>
    /// <param name="source">The lane.</param>
    /// <exception cref="LaneLostException">It does not start.</exception>
    public static ILaneHost Start(ProfileSettings settings, ProfileCase profileCase, LaneSource source) =>
        profileCase.IsSeparate && SelfProcess.IsPossible
            ? new ChildLaneHost(new LaneRequest
            {
                Workload = profileCase.Workload,
                Title = profileCase.Title,
                Allocator = source.Allocator,
                Settings = settings,
            })
            : new LocalLaneHost(source);
}
