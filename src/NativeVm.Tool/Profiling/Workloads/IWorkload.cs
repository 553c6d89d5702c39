namespace NativeVm.Tool.Profiling.Workloads;

/// <summary>Something that allocators are measured at.</summary>
internal interface IWorkload
{
    /// <summary>The name by which the command line chooses it.</summary>
    string Name { get; }

    /// <summary>What one operation is, in a few words.</summary>
    string Description { get; }

    /// <summary>Whether a quick run of all workloads has it.</summary>
    bool IsInQuick => true;

    /// <summary>The cases of the workload, each with all allocators that it knows.</summary>
    /// <param name="settings">What the command line asks for.</param>
    IEnumerable<ProfileCase> CreateCases(ProfileSettings settings);
}
