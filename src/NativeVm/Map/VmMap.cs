using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using NativeVm.Diagnostics;
using NativeVm.Index.Tree;
using NativeVm.Locking;
using NativeVm.Mappings;
using NativeVm.Platform;
using NativeVm.Reservations;

namespace NativeVm;

/// <summary>
/// An address map over real pages: what <c>vm_map(9)</c> is in a kernel, in user space. It finds free ranges,
/// keeps entries, puts memory behind them and takes it away, and grows.
/// </summary>
/// <remarks>
/// <para>
/// A map covers the addresses [<see cref="MinAddress"/>, <see cref="MaxAddress"/>). Of these the operating system
/// has reserved [<see cref="MinAddress"/>, <see cref="ReservedEnd"/>), except what somebody else had mapped there
/// before; such ranges are entries of kind <see cref="VmEntryKind.Foreign"/>. Above it a growable map may still
/// grow, and nothing is kept for it there. Entries are half-open ranges of whole pages; they never overlap, and
/// none reaches above <see cref="ReservedEnd"/>. Pages are committed exactly where an entry says so: where no entry
/// is, the system has reserved addresses and nothing more. Only near the system's cap on mappings
/// (<c>vm.max_map_count</c>) pages that were given back may stay committed, empty and not resident, where giving them
/// back would split a mapping (<see cref="VmMapStatistics.RetainedByteCount"/>).
/// </para>
/// <para>
/// The entries, and the gaps between them, are in an index (<see cref="BPlusTreeIndex"/>) whose memory lies apart from
/// the managed pages. Every search is exact first fit, whatever the alignment. Searching, inserting and removing
/// cost O(log n) and ask the system only when pages are to be committed or given back.
/// </para>
/// <para>
/// An operation that changes something goes through four steps, in this order: it checks, and answers with what is
/// wrong; it makes sure of the records that it needs (<c>vm_map_entry_reserve</c>); it asks the system, and undoes
/// what it has done if the system refuses; it changes the index, which cannot fail any more. So an operation that
/// fails leaves map, pages and accounting as they were.
/// </para>
/// <para>
/// <b>Locking.</b> One lock, shared or exclusive (<see cref="EnterReadLock"/>, <see cref="EnterWriteLock"/>).
/// As in the kernel, <see cref="TryFindSpace(nuint, nuint, nuint, FindSpaceFlags, out nuint)"/>, <see cref="Insert"/> and <see cref="Delete"/> are steps of a
/// caller that holds the exclusive lock, and throw <see cref="SynchronizationLockException"/> otherwise; all other
/// operations take the lock that they need themselves, and may also be called by the thread that holds it
/// exclusively. The map is safe for any number of threads.
/// </para>
/// <para>
/// <b>Failure.</b> Misuse throws. What a caller has to expect comes back as <see langword="false"/> or as a
/// <see cref="VmResult"/>, with the system's own error number when it was the system that refused. No operation
/// allocates on the managed heap, but for growth, for a refusal and for the picture in a debugger.
/// </para>
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
[DebuggerTypeProxy(typeof(VmMapDebugView))]
[SuppressMessage("Naming", "CA1724", Justification = "No namespace of this name is in use beside it.")]
public sealed partial class VmMap : IDisposable
{
    private readonly VmMapLock _lock = new();
    private readonly VmPlatform _platform;
    private readonly VmPlatform _metadataPlatform;
    private readonly VmReservationHandle _handle;
    private readonly BPlusTreeIndex _index;
    private readonly int _pageShift;
    private readonly RangeTraits _traits;
    private readonly MappingBudget? _budget;

    private ulong _reservedEndPage;
    private ulong _mappedPageCount;
    private ulong _committedPageCount;

    // In pages; at least as long as any growth reserve of an entry.
    private ulong _longestReserve;
    private bool _isDisposed;

    /// <summary>Makes a map and reserves its first address space.</summary>
    /// <param name="options">How large, where, and whether it grows.</param>
    /// <exception cref="ArgumentNullException">There are no options.</exception>
    /// <exception cref="ArgumentException">The options contradict each other or the platform.</exception>
    /// <exception cref="SystemRefusedException">The system refused the reservation.</exception>
    public VmMap(VmMapOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(options.ByteCount);
        ArgumentNullException.ThrowIfNull(options.Name);
        Name = options.Name;
        _platform = options.Platform ?? VmPlatform.Current;
        _pageShift = BitOperations.TrailingZeroCount(_platform.PageSize);
        _budget = MappingBudget.Of(_platform);
        IsGrowable = options.IsGrowable;
        _hasPlaceholders = options.TakesObjects
            && _platform.Supports(PlatformCapabilities.Placeholders)
            && !_platform.Supports(PlatformCapabilities.RangesSpanReservations);

        nuint byteCount = AlignUpToGranularity(options.ByteCount);
        nuint span = IsGrowable ? MaxByteCountOf(options, byteCount) : byteCount;
        _handle = new VmReservationHandle(_platform);
        ReservationPlacer.Reserve(
            _platform, ref byteCount, span, options.Placement, _hasPlaceholders, out nuint address).ThrowIfRefused();
        _handle.Add(address, byteCount);

        MinAddress = address;
        MaxAddress = address + Math.Max(byteCount, Math.Min(span, RoomAbove(address)));
        _reservedEndPage = (address + byteCount) >> _pageShift;
        _metadataPlatform = options.MetadataPlatform ?? VmPlatform.Current;
        _index = new BPlusTreeIndex(_metadataPlatform, MinAddress >> _pageShift, MaxAddress >> _pageShift);
        if (options.ExcludeFromCoreDumps && TryExcludeFromCoreDumps(address, byteCount))
        {
            _traits = RangeTraits.ExcludedFromCoreDumps;
        }

        _ticket = LiveInstances.Add(this);
    }

    /// <summary>Where the pages come from.</summary>
    public VmPlatform Platform => _platform;

    /// <summary>Bytes in a page, a power of two.</summary>
    public nuint PageSize => (nuint)1 << _pageShift;

    /// <summary>The lowest address of the map (<c>vm_map_min</c>).</summary>
    public nuint MinAddress { get; }

    /// <summary>The first address above the map (<c>vm_map_max</c>).</summary>
    public nuint MaxAddress { get; }

    /// <summary>How far the system has reserved address space for the map (<c>kernel_vm_end</c>).</summary>
    public nuint ReservedEnd => ToAddress(Volatile.Read(ref _reservedEndPage));

    /// <summary>Whether the map extends its reservation when its space has run out.</summary>
    public bool IsGrowable { get; }

    /// <summary>Whether the map's pages are left out of core dumps: they were asked to be, and the system can.</summary>
    public bool IsExcludedFromCoreDumps => (_traits & RangeTraits.ExcludedFromCoreDumps) != 0;

    /// <summary>Owns the map's address space; a reference to it keeps the pages alive past the map's disposal.</summary>
    public VmReservationHandle Handle => _handle;

    private string DebuggerText => _isDisposed
        ? "disposed"
        : $"0x{MinAddress:x}-0x{MaxAddress:x}, {_index.Count} entries, {ToByteCount(_committedPageCount):N0} bytes committed";

    /// <summary>Releases all that the map has reserved and committed, and its own records.</summary>
    /// <remarks>
    /// Waits for the exclusive lock. A second call does nothing; every other use of the map afterwards throws
    /// <see cref="ObjectDisposedException"/>. Pages that <see cref="Handle"/> is still referenced for, by a submap
    /// that is not disposed of or by the user, go when the last reference does. A submap gives its pages back and its
    /// range back to its parent.
    /// </remarks>
    public void Dispose()
    {
        _lock.EnterExclusive();
        try
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            LiveInstances.Remove(_ticket);
            if (_lease is null)
            {
                _handle.Dispose();
            }
            else
            {
                GiveBackToParent();
            }

            _index.Dispose();
            _retained?.Dispose();
        }
        finally
        {
            _lock.ExitExclusive();
        }
    }

    private nuint AlignUpToGranularity(nuint byteCount)
    {
        nuint mask = _platform.AllocationGranularity - 1;
        return byteCount <= nuint.MaxValue - mask
            ? (byteCount + mask) & ~mask
            : throw new ArgumentOutOfRangeException(nameof(byteCount), byteCount, "No address space is that large.");
    }

    private nuint MaxByteCountOf(VmMapOptions options, nuint byteCount)
    {
        if (options.MaxByteCount == 0)
        {
            nuint fourfold = byteCount <= nuint.MaxValue / 8 ? byteCount * 4 : byteCount;
            nuint usual = (nuint)Math.Min(VmMapOptions.DefaultMaxByteCount, nuint.MaxValue / 8);
            nuint span = _platform.HighestAddress - _platform.LowestAddress;
            return AlignUpToGranularity(Math.Max(byteCount, Math.Min(Math.Max(usual, fourfold), span / 8)));
        }

        return options.MaxByteCount >= options.ByteCount
            ? AlignUpToGranularity(options.MaxByteCount)
            : throw new ArgumentException("A growable map may span at least what it reserves at first.", nameof(options));
    }

    private nuint RoomAbove(nuint address) => _platform.HighestAddress > address
        ? (_platform.HighestAddress - address) & ~(_platform.AllocationGranularity - 1)
        : 0;

    private bool TryExcludeFromCoreDumps(nuint address, nuint byteCount) =>
        _platform.Supports(PageAdvice.ExcludeFromCoreDumps) && _platform.ExcludeFromCoreDumps(address, byteCount).IsSuccess;
}
