using NativeVm.Platform;
using NativeVm.Tool.Reports;

namespace NativeVm.Tool.Limits;

/// <summary>Asks the platform and the system's files what they allow.</summary>
/// <param name="platform">The platform.</param>
/// <param name="files">The system's files.</param>
internal sealed class LimitsReader(VmPlatform platform, SystemFiles files)
{
    private const string Kernel = "system";
    private const string Pages = "pages";
    private const string Space = "address space";
    private const string Memory = "memory";
    private const string Abilities = "abilities";

    private static readonly string[] OvercommitModes = ["heuristic", "always", "never beyond the commit limit"];

    /// <summary>All rows.</summary>
    public IReadOnlyList<LimitRow> Read() => [.. SystemRows(), .. PageRows(), .. SpaceRows(), .. MemoryRows(), .. AbilityRows()];

    private IEnumerable<LimitRow> SystemRows()
    {
        if (files.Text(SystemPaths.Kernel) is { } kernel)
        {
            yield return new(Kernel, "kernel", kernel, string.Empty);
        }

        yield return new(Kernel, "reached through", platform.Name, string.Empty);
    }

    private IEnumerable<LimitRow> PageRows()
    {
        yield return new(Pages, "page", Quantity.Bytes(platform.PageSize), string.Empty);
        yield return new(Pages, "granularity", Quantity.Bytes(platform.AllocationGranularity), string.Empty);
        yield return new(
            Pages, "huge page", platform.HugePageSize == 0 ? "none" : Quantity.Bytes(platform.HugePageSize), string.Empty);
        if (files.Choice(SystemPaths.HugePages) is { } mode)
        {
            yield return new(Pages, "transparent huge pages", mode, "/" + SystemPaths.HugePages);
        }

        if (files.Choice(SystemPaths.HugePageDefrag) is { } defrag)
        {
            yield return new(Pages, "making room for them", defrag, "/" + SystemPaths.HugePageDefrag);
        }

        if (files.MemoryInfo("HugePages_Total") is { } total)
        {
            ulong free = files.MemoryInfo("HugePages_Free") ?? 0;
            yield return new(
                Pages, "explicit huge pages", total == 0 ? "none set aside" : $"{free:N0} of {total:N0} free", "vm.nr_hugepages");
        }

        yield return new(Pages, "memory nodes", Quantity.Count(platform.NumaNodeCount), string.Empty);
    }

    private IEnumerable<LimitRow> SpaceRows()
    {
        yield return new(Space, "lowest address", Quantity.Bytes(platform.LowestAddress), "vm.mmap_min_addr");
        yield return new(Space, "end", Quantity.Bytes(platform.HighestAddress), string.Empty);
        foreach ((string label, string name, string command) in SystemPaths.SpaceLimits)
        {
            ulong? limit = files.ProcessLimit(label, out bool isUnlimited);
            if (limit is not null || isUnlimited)
            {
                yield return new(Space, name, limit is { } bytes ? Quantity.Bytes(bytes) : "unlimited", command);
            }
        }

        string used = platform.QueryProcess(out ProcessMemory process).IsSuccess ? $"{process.MappingCount:N0} used" : string.Empty;
        string cap = platform.MappingLimit is 0 or >= int.MaxValue ? "no cap" : $"{platform.MappingLimit:N0} at most";
        yield return new(Space, "mappings of a process", used.Length == 0 ? cap : $"{cap}, {used} here", "vm.max_map_count");
    }

    private IEnumerable<LimitRow> MemoryRows()
    {
        ulong total = files.MemoryInfo("MemTotal") ?? (ulong)GC.GetGCMemoryInfo(GCKind.Any).TotalAvailableMemoryBytes;
        string available = files.MemoryInfo("MemAvailable") is { } free ? $", {Quantity.Bytes(free)} available" : string.Empty;
        yield return new(Memory, "physical memory", Quantity.Bytes(total) + available, string.Empty);
        if (files.Number(SystemPaths.ContainerLimit) is { } container)
        {
            yield return new(Memory, "limit of the container", Quantity.Bytes(container), "/" + SystemPaths.ContainerLimit);
        }

        if (files.MemoryInfo("SwapTotal") is { } swap)
        {
            yield return new(Memory, "swap", swap == 0 ? "none" : Quantity.Bytes(swap), string.Empty);
        }

        if (files.Number(SystemPaths.Overcommit) is { } mode && mode < (ulong)OvercommitModes.Length)
        {
            yield return new(Memory, "overcommit", OvercommitModes[mode], "vm.overcommit_memory");
            if (files.MemoryInfo("CommitLimit") is { } limit && files.MemoryInfo("Committed_AS") is { } committed)
            {
                string counted = mode == 2 ? string.Empty : ", not enforced";
                yield return new(
                    Memory, "commit limit", $"{Quantity.Bytes(limit)}, {Quantity.Bytes(committed)} used{counted}", "vm.overcommit_ratio");
            }
        }

        ulong? locked = files.ProcessLimit(SystemPaths.LockedMemory, out bool isUnlimited);
        if (locked is not null || isUnlimited)
        {
            yield return new(Memory, "may be locked", locked is { } bytes ? Quantity.Bytes(bytes) : "unlimited", "ulimit -l");
        }
    }

    private IEnumerable<LimitRow> AbilityRows()
    {
        yield return Ability("guards without a mapping", PlatformCapabilities.GuardRegions, "MADV_GUARD_INSTALL");
        yield return Ability("populate in one call", PlatformCapabilities.Populate, "MADV_POPULATE_WRITE");
        yield return Ability("explicit huge pages", PlatformCapabilities.ExplicitHugePages, string.Empty);
        yield return Ability("memory mapped twice", PlatformCapabilities.SharedMemoryObjects, string.Empty);
        yield return Ability("objects in reservations", PlatformCapabilities.Placeholders, string.Empty);
        yield return Ability("preferred memory node", PlatformCapabilities.PreferredNode, string.Empty);
        yield return Ability("left out of core dumps", PlatformCapabilities.ExcludeFromCoreDumps, string.Empty);
    }

    private LimitRow Ability(string name, PlatformCapabilities capability, string call) =>
        new(Abilities, name, platform.Supports(capability) ? "yes" : "no", call);
}
