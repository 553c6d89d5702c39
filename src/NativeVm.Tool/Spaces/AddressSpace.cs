namespace NativeVm.Tool.Spaces;

/// <summary>The address space of a process at one moment.</summary>
/// <param name="Title">What people read: the process, or the trace and the moment.</param>
/// <param name="Regions">What is mapped, in address order; regions do not overlap.</param>
/// <param name="HasResidency">Whether it is known what is in physical memory.</param>
internal sealed record AddressSpace(string Title, IReadOnlyList<SpaceRegion> Regions, bool HasResidency)
{
    /// <summary>Where the upper half of the address space begins, which holds pages of the system itself.</summary>
    private const ulong SystemHalf = 1UL << 63;

    /// <summary>Mapped bytes.</summary>
    public ulong Mapped => Sum(region => region.ByteCount);

    /// <summary>Mapped bytes that may be accessed in some way.</summary>
    public ulong Accessible => Sum(region => region.Access == Traces.TraceProtection.None ? 0 : region.ByteCount);

    /// <summary>Bytes in physical memory.</summary>
    public ulong Resident => Sum(region => region.Resident);

    /// <summary>Bytes in physical memory for this process alone because it wrote them.</summary>
    public ulong PrivateDirty => Sum(region => region.PrivateDirty);

    /// <summary>Bytes in huge pages.</summary>
    public ulong Huge => Sum(region => region.Huge);

    /// <summary>Bytes swapped out.</summary>
    public ulong Swapped => Sum(region => region.Swapped);

    /// <summary>Bytes locked in physical memory.</summary>
    public ulong Locked => Sum(region => region.Locked);

    /// <summary>What the process itself mapped, without the system's own pages at the top.</summary>
    public IEnumerable<SpaceRegion> OwnRegions => Regions.Where(IsOwn);

    /// <summary>Whether a region is the process's own.</summary>
    /// <param name="region">The region.</param>
    public static bool IsOwn(SpaceRegion region) => region.Start < SystemHalf;

    /// <summary>The gaps between regions, in address order.</summary>
    public IEnumerable<(ulong Start, ulong End)> Gaps()
    {
        ulong? end = null;
        foreach (SpaceRegion region in OwnRegions)
        {
            if (end < region.Start)
            {
                yield return (end.Value, region.Start);
            }

            end = region.End;
        }
    }

    /// <summary>A sum over all regions.</summary>
    /// <param name="of">What to add.</param>
    public ulong Sum(Func<SpaceRegion, ulong> of) => Regions.Aggregate(0UL, (sum, region) => sum + of(region));
}
