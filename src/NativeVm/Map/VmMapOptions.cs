using NativeVm.Platform;

namespace NativeVm;

/// <summary>What a <see cref="VmMap"/> is made with.</summary>
public sealed record VmMapOptions
{
    /// <summary>The default of <see cref="MaxByteCount"/> for a growable map: 1 TiB.</summary>
    public const ulong DefaultMaxByteCount = 1UL << 40;

    /// <summary>
    /// Bytes of address space that are reserved when the map is made, rounded up to the platform's allocation
    /// granularity; not 0. A map that is not growable spans exactly these.
    /// </summary>
    public required nuint ByteCount { get; init; }

    /// <summary>Whether the map extends its reservation when its space has run out. Default: it does not.</summary>
    public bool IsGrowable { get; init; }

    /// <summary>
    /// Bytes that a growable map may span at most, from <see cref="VmMap.MinAddress"/> to
    /// <see cref="VmMap.MaxAddress"/>, rounded up to the allocation granularity and cut off where the address space
    /// ends. 0 means 1 TiB or four times <see cref="ByteCount"/>, whichever is more. Address space above what is
    /// reserved costs nothing. A map that is not growable ignores it.
    /// </summary>
    public nuint MaxByteCount { get; init; }

    /// <summary>The name that the map goes by in figures and events; names need not differ. Default: <c>map</c>.</summary>
    public string Name { get; init; } = "map";

    /// <summary>
    /// Where the map begins. The default lets the map choose: a growable one begins where there is room above it to
    /// grow in place, at an address that differs from run to run.
    /// </summary>
    public Placement Placement { get; init; }

    /// <summary>Where the pages come from. Default: the operating system, <see cref="VmPlatform.Current"/>.</summary>
    public VmPlatform? Platform { get; init; }

    /// <summary>
    /// Where the memory for the map's own records comes from. It is read and written, so it has to be real even when
    /// <see cref="Platform"/> is simulated. Default: the operating system.
    /// </summary>
    public VmPlatform? MetadataPlatform { get; init; }

    /// <summary>
    /// Whether objects are to be mapped in the map (<see cref="VmMap.MapObject"/>), where that has a price. On POSIX they
    /// can be in any map, and this changes nothing. On Windows the map is then made of placeholders, where the system
    /// has them (Windows 10 1803 and newer; <see cref="PlatformCapabilities.Placeholders"/>): each commit of pages that
    /// have no memory becomes an allocation of its own and costs several calls instead of one, and
    /// <see cref="VmMapStatistics.MappingCount"/> counts these. Default: the map reserves plainly.
    /// </summary>
    public bool TakesObjects { get; init; }

    /// <summary>Whether the map's pages are left out of core dumps, where the system can. Default: they are not.</summary>
    public bool ExcludeFromCoreDumps { get; init; }
}
