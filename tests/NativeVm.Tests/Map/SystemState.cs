using NativeVm.Platform;
using NativeVm.Tests.Platform.Posix;

namespace NativeVm.Tests.Map;

/// <summary>Compares every page of a map, as its entries have it, with what the operating system says of it.</summary>
internal static class SystemState
{
    /// <summary>
    /// On Linux by <c>/proc/self/smaps</c>: protection, locks, advice, residency, and where mappings begin and end;
    /// elsewhere by the platform's query: state and protection.
    /// </summary>
    public static void Compare(VmMap map, string context)
    {
        map.Validate();
        List<Expected> runs = Runs(map);
        if (OperatingSystem.IsLinux())
        {
            CompareWithSmaps(map, runs, context);
        }
        else
        {
            CompareWithQueries(map, runs, context);
        }
    }

    private static void CompareWithSmaps(VmMap map, List<Expected> runs, string context)
    {
        SmapsEntry[] mappings = [.. SmapsEntry.ReadAll().Where(
            mapping => mapping.Address < map.MaxAddress && mapping.Address + mapping.ByteCount > map.MinAddress)];
        foreach (Expected run in runs)
        {
            nuint resident = 0;
            foreach (SmapsEntry mapping in mappings)
            {
                nuint start = nuint.Max(run.Start, mapping.Address);
                nuint end = nuint.Min(run.End, mapping.Address + mapping.ByteCount);
                if (start >= end)
                {
                    continue;
                }

                string what = $"{context}: {run} in {mapping}";
                PageProtection protection = (mapping.Has("rd") ? PageProtection.Read : 0)
                    | (mapping.Has("wr") ? PageProtection.Write : 0)
                    | (mapping.Has("ex") ? PageProtection.Execute : 0);
                Assert.True(protection == run.Protection, what);
                Assert.True(mapping.Has("lo") == run.IsLocked, what);
                Assert.True(mapping.Has("dd") == run.IsExcludedFromDumps, what);
                Assert.True(mapping.Has("dc") == run.IsExcludedFromFork, what);
                Assert.True(mapping.Has("sh") == run.IsShared, what);
                Assert.True(mapping.Address >= run.Start || run.Start == map.MinAddress, $"{what}: it begins in between.");
                Assert.True(mapping.Address + mapping.ByteCount <= run.End || run.End == map.MaxAddress, $"{what}: it ends in between.");
                resident += mapping.ResidentByteCount;
            }

            Assert.True(!run.IsLocked || resident == run.End - run.Start, $"{context}: {run} is not all resident.");
            Assert.True(run.IsCommitted || run.Start == map.MinAddress || run.End == map.MaxAddress || resident == 0, $"{context}: {run} is resident.");
        }
    }

    private static void CompareWithQueries(VmMap map, List<Expected> runs, string context)
    {
        foreach (Expected run in runs)
        {
            for (nuint at = run.Start; at < run.End;)
            {
                Assert.True(map.Platform.Query(at, out RegionInfo region).IsSuccess);
                string what = $"{context}: {run} in {region}";
                bool looksReserved = !run.IsCommitted || run.Protection == PageProtection.None;
                Assert.True(run.IsCommitted ? region.State != PageState.Free : region.State == PageState.Reserved, what);
                Assert.True(looksReserved || region.State == PageState.Committed, what);
                Assert.True(region.Protection == run.Protection, what);
                at = nuint.Max(at + map.PageSize, region.End);
            }
        }
    }

    /// <summary>What the system should see: neighbours that look the same to it are one run.</summary>
    private static List<Expected> Runs(VmMap map)
    {
        List<Expected> runs = [];
        nuint at = map.MinAddress;
        using VmMapLockScope scope = map.EnterReadLock();
        foreach (VmEntry entry in map.GetEntries())
        {
            Add(runs, new Expected(at, entry.Start));
            Add(runs, Of(map, entry));
            at = entry.End;
        }

        Add(runs, new Expected(at, map.MaxAddress));
        return runs;
    }

    private static Expected Of(VmMap map, in VmEntry entry)
    {
        VmEntryAttributes attributes = entry.Attributes;
        bool isClosed = attributes.Kind == VmEntryKind.Guard && !map.Platform.Supports(PlatformCapabilities.GuardRegions);
        return attributes.IsCommitted
            ? new Expected(entry.Start, entry.End)
            {
                IsCommitted = true,
                Protection = isClosed ? PageProtection.None : attributes.Protection,
                IsLocked = attributes.WiredCount != 0,
                IsShared = attributes.Sharing == MappingSharing.Shared,
                IsExcludedFromFork = attributes.Inheritance == PageInheritance.None,
                IsExcludedFromDumps = (attributes.Tag & DumpTag) != 0,
                ObjectId = attributes.ObjectId,
            }
            : new Expected(entry.Start, entry.End);
    }

    /// <summary>A bit of the tag by which a test notes that it excluded an entry from core dumps.</summary>
    public const ulong DumpTag = 1UL << 40;

    private static void Add(List<Expected> runs, in Expected run)
    {
        if (run.Start == run.End)
        {
            return;
        }

        if (runs.Count > 0 && runs[^1].LooksLike(run))
        {
            runs[^1] = runs[^1] with { End = run.End };
        }
        else
        {
            runs.Add(run);
        }
    }

    private readonly record struct Expected(nuint Start, nuint End)
    {
        public bool IsCommitted { get; init; }

        public PageProtection Protection { get; init; }

        public bool IsLocked { get; init; }

        public bool IsShared { get; init; }

        public bool IsExcludedFromFork { get; init; }

        public bool IsExcludedFromDumps { get; init; }

        public uint ObjectId { get; init; }

        public bool LooksLike(in Expected next)
        {
            // Elsewhere the system tells pages without access from pages without memory.
            bool isPlain = OperatingSystem.IsLinux() && Protection == PageProtection.None && !IsLocked && !IsExcludedFromFork && !IsExcludedFromDumps && ObjectId == 0;
            return (this with { Start = 0, End = 0, IsCommitted = IsCommitted && !isPlain })
                == (next with { Start = 0, End = 0, IsCommitted = next.IsCommitted && !(isPlain && next.Protection == PageProtection.None) });
        }
    }
}
