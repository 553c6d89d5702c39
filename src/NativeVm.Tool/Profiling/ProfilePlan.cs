using NativeVm.Tool.Commands;
using NativeVm.Tool.Profiling.Hosts;
using NativeVm.Tool.Profiling.Workloads;

namespace NativeVm.Tool.Profiling;

/// <summary>The cases that a command line asks for.</summary>
internal static class ProfilePlan
{
    /// <summary>Makes the cases of some workloads, with the allocators that were asked for.</summary>
    /// <param name="names">Names of workloads; empty for all.</param>
    /// <param name="settings">What else the command line asks for.</param>
    /// <exception cref="ToolException">There is no such workload, or no such allocator.</exception>
    public static IReadOnlyList<ProfileCase> Create(IReadOnlyList<string> names, ProfileSettings settings)
    {
        IWorkload[] workloads = names.Count == 0
            ? [.. WorkloadRegistry.All.Where(workload => workload.IsInQuick || !settings.IsQuick)]
            : [.. names.Select(Workload)];
        ProfileCase[] cases = [.. workloads.SelectMany(workload => workload.CreateCases(settings))];
        if (cases.Length == 0)
        {
            throw ToolException.BadInput(
                $"there is nothing to run: {string.Join(", ", workloads.Select(one => one.Name))} has no case of "
                + (workloads is [TraceWorkload] ? "its own; name malloc traces with --trace." : "these sizes."));
        }

        string[] known = [.. cases.SelectMany(one => one.Lanes).Select(lane => lane.Allocator).Distinct()];
        string? unknown = settings.Allocators.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase));
        if (unknown is not null)
        {
            throw ToolException.BadInput($"no allocator is called '{unknown}'; there are {string.Join(", ", known)}.");
        }

        return settings.Allocators.Count == 0
            ? cases
            : [.. cases.Select(one => Choose(one, settings.Allocators)).Where(one => one.Lanes.Count != 0)];
    }

    /// <summary>The lane that a process is asked to run.</summary>
    /// <param name="request">The lane.</param>
    /// <exception cref="ToolException">There is no such lane.</exception>
    public static LaneSource FindLane(LaneRequest request) =>
        Create([request.Workload], request.Settings with { Allocators = [request.Allocator] })
            .FirstOrDefault(one => one.Title == request.Title)?.Lanes[0]
        ?? throw ToolException.BadInput($"no case of {request.Workload} is called '{request.Title}'.");

    private static ProfileCase Choose(ProfileCase all, IReadOnlyList<string> allocators) => all with
    {
        Lanes = [.. allocators
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .SelectMany(name => all.Lanes.Where(lane => lane.Allocator.Equals(name, StringComparison.OrdinalIgnoreCase)))],
    };

    private static IWorkload Workload(string name) =>
        WorkloadRegistry.All.FirstOrDefault(workload => workload.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw ToolException.BadInput(
            $"no workload is called '{name}'; there are {string.Join(", ", WorkloadRegistry.All.Select(one => one.Name))}.");
}
