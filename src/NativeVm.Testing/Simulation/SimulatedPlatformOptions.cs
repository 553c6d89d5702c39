using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>
/// What a <see cref="SimulatedPlatform"/> pretends to be. The default is a 64-bit POSIX-like system without limits;
/// take a profile and change what the test is about: <c>SimulatedPlatformOptions.WindowsLike with { … }</c>.
/// Immutable.
/// </summary>
public sealed record SimulatedPlatformOptions
{
    private const PlatformCapabilities PosixCapabilities =
        PlatformCapabilities.ReleaseTail
        | PlatformCapabilities.RangesSpanReservations
        | PlatformCapabilities.PurgeReadsZero
        | PlatformCapabilities.GuardRegions
        | PlatformCapabilities.Populate
        | PlatformCapabilities.Placeholders
        | PlatformCapabilities.ExcludeFromCoreDumps
        | PlatformCapabilities.SharedMemoryObjects
        | PlatformCapabilities.PreferredNode;

    /// <summary>
    /// A 64-bit POSIX-like system: 4 KiB pages and granularity, 128 TiB of addresses, calls may span reservations,
    /// tails can be released, every kind of advice, no limits. These are the default values.
    /// </summary>
    public static SimulatedPlatformOptions PosixLike { get; } = new();

    /// <summary>
    /// A Windows-like system: 64 KiB granularity, calls stay within one reservation, no release of tails, a purge
    /// may leave the contents, Win32 error numbers, regions counted as <c>VirtualQuery</c> does, of the advice only
    /// <see cref="PageAdvice.WillNeed"/> and <see cref="PageAdvice.Free"/>.
    /// </summary>
    public static SimulatedPlatformOptions WindowsLike { get; } = new()
    {
        AllocationGranularity = 64 << 10,
        HighestAddress = unchecked((nuint)0x7fff_ffff_0000),
        Capabilities = PlatformCapabilities.BoundedReserve
            | PlatformCapabilities.Placeholders
            | PlatformCapabilities.SharedMemoryObjects,
        ErrorDomain = ErrorDomain.Win32,
        UnsupportedAdvice =
        [
            PageAdvice.Normal, PageAdvice.Sequential, PageAdvice.Random,
            PageAdvice.HugePages, PageAdvice.NoHugePages, PageAdvice.CollapseHugePages,
            PageAdvice.ExcludeFromCoreDumps, PageAdvice.IncludeInCoreDumps,
            PageAdvice.ExcludeFromFork, PageAdvice.IncludeInFork,
        ],
    };

    /// <summary>A POSIX-like process with 32-bit addresses, 3 GiB of them its own, placed top-down.</summary>
    public static SimulatedPlatformOptions Posix32BitLike { get; } = new()
    {
        HighestAddress = unchecked((nuint)0xc000_0000),
        HugePageSize = 0,
        Strategy = PlacementStrategy.TopDown,
    };

    /// <summary>Bytes in a page, a power of two; 4,096 by default.</summary>
    public nuint PageSize { get; init; } = 4096;

    /// <summary>
    /// What reservations start at a multiple of, in bytes: a power of two, not below the page size; 0, the default,
    /// for the page size.
    /// </summary>
    public nuint AllocationGranularity { get; init; }

    /// <summary>Bytes in a huge page, a power of two above the page size, or 0 for none; 2 MiB by default.</summary>
    public nuint HugePageSize { get; init; } = 2 << 20;

    /// <summary>
    /// The lowest address that a reservation may have, a multiple of the page size; 64 KiB by default.
    /// </summary>
    public nuint LowestAddress { get; init; } = 64 << 10;

    /// <summary>
    /// The first address above all that a reservation may have, a multiple of the page size; one page below
    /// 128 TiB by default. The highest possible is one page below 2^64 (2^32 in a 32-bit process).
    /// </summary>
    public nuint HighestAddress { get; init; } =
        nuint.Size == 8 ? unchecked((nuint)0x7fff_ffff_f000) : unchecked((nuint)0xc000_0000);

    /// <summary>
    /// How many mappings there may be, foreign ones included, or 0, the default, for any number. A call that would
    /// raise the number above the limit is refused with <see cref="RefusalReason.MappingLimit"/>.
    /// </summary>
    public nuint MappingLimit { get; init; }

    /// <summary>
    /// How many bytes of addresses may be mapped, reserved or foreign, as RLIMIT_AS limits them, or 0, the default,
    /// for any number. Beyond it a reservation is refused with <see cref="RefusalReason.AddressSpaceLimit"/>.
    /// </summary>
    public nuint AddressSpaceLimitByteCount { get; init; }

    /// <summary>
    /// How many bytes may be committed, as under strict overcommit or a Windows commit limit, or 0, the default, for
    /// any number. Beyond it a commit is refused with <see cref="RefusalReason.OutOfMemory"/>.
    /// </summary>
    public nuint CommitLimitByteCount { get; init; }

    /// <summary>
    /// How many bytes may be locked, as RLIMIT_MEMLOCK limits them, or 0, the default, for any number. Beyond it a
    /// lock is refused with <see cref="RefusalReason.LockLimit"/>.
    /// </summary>
    public nuint LockLimitByteCount { get; init; }

    /// <summary>
    /// How many bytes of explicit huge pages the system has set aside, a multiple of <see cref="HugePageSize"/>; none
    /// by default. Beyond it they are refused with <see cref="RefusalReason.NoHugePages"/>.
    /// </summary>
    public nuint HugePagePoolByteCount { get; init; }

    /// <summary>How many memory nodes the machine has; 1 by default.</summary>
    public int NumaNodeCount { get; init; } = 1;

    /// <summary>
    /// What the platform says it can do, and does. Without
    /// <see cref="PlatformCapabilities.RangesSpanReservations"/> mappings are counted as <c>VirtualQuery</c> counts
    /// regions, with it as a POSIX kernel merges them.
    /// </summary>
    public PlatformCapabilities Capabilities { get; init; } = PosixCapabilities;

    /// <summary>
    /// Advice that is refused with <see cref="RefusalReason.NotSupported"/>; none by default. Besides, advice on huge
    /// pages needs a <see cref="HugePageSize"/>, and advice on core dumps
    /// <see cref="PlatformCapabilities.ExcludeFromCoreDumps"/>.
    /// </summary>
    public IReadOnlyCollection<PageAdvice> UnsupportedAdvice { get; init; } = [];

    /// <summary>
    /// Which place is chosen where several fit; the lowest by default. Always the same in the same state.
    /// </summary>
    public PlacementStrategy Strategy { get; init; } = PlacementStrategy.BottomUp;

    /// <summary>Whose error numbers refusals carry.</summary>
    public ErrorDomain ErrorDomain { get; init; } = ErrorDomain.Errno;

    internal SimulatedPlatformOptions Validated()
    {
        Require(nuint.IsPow2(PageSize), "The page size is a power of two.");
        SimulatedPlatformOptions options = AllocationGranularity == 0
            ? this with { AllocationGranularity = PageSize }
            : this;
        Require(
            nuint.IsPow2(options.AllocationGranularity) && options.AllocationGranularity >= PageSize,
            "The allocation granularity is a power of two and not below the page size.");
        Require(
            HugePageSize == 0 || (nuint.IsPow2(HugePageSize) && HugePageSize > PageSize),
            "The huge page size is 0, or a power of two above the page size.");
        Require(
            ((LowestAddress | HighestAddress) & (PageSize - 1)) == 0 && LowestAddress < HighestAddress,
            "The bounds of the address space are multiples of the page size, the lowest below the highest.");
        Require(
            HugePageSize == 0 ? HugePagePoolByteCount == 0 : (HugePagePoolByteCount & (HugePageSize - 1)) == 0,
            "The huge pages that are set aside are whole ones.");
        Require(NumaNodeCount >= 1, "A machine has a memory node.");
        Require(Enum.IsDefined(Strategy), "The placement strategy is none that is known.");
        Require(UnsupportedAdvice is not null, "The unsupported advice is a collection, empty for none.");
        return options;
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
