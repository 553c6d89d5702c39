namespace NativeVm.Tool.Limits;

/// <summary>Where Linux keeps the settings of its memory, from the root on.</summary>
internal static class SystemPaths
{
    /// <summary>The release of the kernel.</summary>
    public const string Kernel = "proc/sys/kernel/osrelease";

    /// <summary>When ranges get huge pages.</summary>
    public const string HugePages = "sys/kernel/mm/transparent_hugepage/enabled";

    /// <summary>Whether a fault waits until there is room for a huge page.</summary>
    public const string HugePageDefrag = "sys/kernel/mm/transparent_hugepage/defrag";

    /// <summary>Whether the system promises more memory than it has.</summary>
    public const string Overcommit = "proc/sys/vm/overcommit_memory";

    /// <summary>The cap on mappings of a process.</summary>
    public const string MappingCap = "proc/sys/vm/max_map_count";

    /// <summary>The most memory of the control group, version 2, as a container sees its own.</summary>
    public const string ContainerLimit = "sys/fs/cgroup/memory.max";

    /// <summary>The label of the limit on locked memory.</summary>
    public const string LockedMemory = "Max locked memory";

    /// <summary>The label of the limit on addresses.</summary>
    public const string AddressSpace = "Max address space";

    /// <summary>The label of the limit on data.</summary>
    public const string Data = "Max data size";

    /// <summary>The limits on address space: label, name for people, command.</summary>
    public static IReadOnlyList<(string Label, string Name, string Command)> SpaceLimits { get; } =
    [
        (AddressSpace, "limit on addresses", "ulimit -v"),
        (Data, "limit on private memory", "ulimit -d"),
    ];
}
