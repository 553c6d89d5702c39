using NativeVm.Tool.Commands;
using NativeVm.Tool.Profiling.Hosts;
using NativeVm.Tool.Profiling.Workloads;

namespace NativeVm.Tool.Profiling.Allocators.Libraries;

/// <summary>Tries malloc libraries before a profile counts on them, each in a process of its own.</summary>
internal static class LibraryProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Which of the libraries load and allocate.</summary>
    /// <param name="libraries">The libraries; they are tried at the same time.</param>
    /// <param name="settings">What else the command line asks for.</param>
    /// <returns>Why each of them cannot be used, or null where it can.</returns>
    public static IReadOnlyList<string?> Try(IReadOnlyList<LibraryName> libraries, ProfileSettings settings)
    {
        List<(ILaneHost? Host, string? Reason)> hosts = [.. libraries.Select(library => Attempt(() => Start(library, settings)))];
        try
        {
            return [.. hosts.Select(pair => pair.Host is null ? pair.Reason : Attempt(() => Use(pair.Host)).Reason)];
        }
        finally
        {
            hosts.ForEach(pair => pair.Host?.Dispose());
        }
    }

    private static ILaneHost Start(LibraryName library, ProfileSettings settings)
    {
        ProfileSettings only = settings with { Libraries = [library], Allocators = [library.Name], Sizes = [], Live = [] };
        ProfileCase one = ProfilePlan.Create([BlockPairWorkload.WorkloadName], only)[0];
        return LaneHosts.Start(only, one, one.Lanes[0], Patience);
    }

    private static ILaneHost Use(ILaneHost host)
    {
        host.WaitUntilReady();
        host.WarmUp();
        return host;
    }

    private static (ILaneHost? Host, string? Reason) Attempt(Func<ILaneHost> action)
    {
        try
        {
            return (action(), null);
        }
        catch (Exception e) when (e is LaneLostException or ToolException)
        {
            return (null, e.Message);
        }
    }
}
