using System.Diagnostics;
using NativeVm.Changes;
using NativeVm.Platform;

namespace NativeVm.Metadata;

/// <summary>
/// Native memory for a map's own records: one reservation apart from the managed pages, committed from its start
/// as it is needed and given back as a whole.
/// </summary>
/// <remarks>
/// <para>
/// It never moves, so records are found by their number from <see cref="Base"/>; and it lies nowhere near the
/// pages that users write, so that an overrun there cannot reach it. Committed bytes are zero at first.
/// </para>
/// <para>
/// The reservation is made by the first <see cref="TryGrow"/>, as large as asked, or, where an address-space limit
/// forbids that, half as large, and so on. Commits are geometric, so that n records cost O(log n) system calls.
/// Not thread-safe.
/// </para>
/// </remarks>
internal sealed unsafe class MetadataArena : IDisposable
{
    private const nuint LeastReservation = 1 << 20;
    private const nuint LeastStep = 16 << 10;
    private const nuint LargestStep = 64 << 20;

    /// <summary>In huge pages, how large an arena is before it asks for them, if nobody says otherwise.</summary>
    private const int UsualHugePageThreshold = 4;

    private readonly VmPlatform _platform;
    private readonly nuint _wantedByteCount;
    private readonly nuint _hugeByteCount;
    private nuint _address;
    private nuint _reservedByteCount;
    private nuint _advisedEnd;
    private bool _isDisposed;

    /// <param name="platform">Where the memory comes from; real memory, even when the map's pages are simulated.</param>
    /// <param name="maxByteCount">The most that will ever be needed; address space of that size is reserved.</param>
    /// <param name="hugePageThreshold">How large it is before it asks for huge pages, counted in those.</param>
    public MetadataArena(VmPlatform platform, nuint maxByteCount, int hugePageThreshold = UsualHugePageThreshold)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentOutOfRangeException.ThrowIfZero(maxByteCount);
        _platform = platform;

        // A length of whole huge pages is placed at a multiple of one by systems that have an eye for it.
        nuint unit = maxByteCount > platform.HugePageSize ? Math.Max(platform.HugePageSize, platform.AllocationGranularity) : platform.AllocationGranularity;
        _wantedByteCount = AlignUp(Math.Max(maxByteCount, LeastReservation), unit);
        _hugeByteCount = (nuint)hugePageThreshold * platform.HugePageSize;
    }

    ~MetadataArena() => ReleaseAll();

    /// <summary>The first byte; null until the first growth.</summary>
    public byte* Base => (byte*)_address;

    /// <summary>Bytes that can be used, from <see cref="Base"/> on.</summary>
    public nuint CommittedByteCount { get; private set; }

    /// <summary>
    /// Makes at least <paramref name="byteCount"/> bytes usable, counted from <see cref="Base"/>;
    /// <see langword="false"/>, with nothing changed, when the memory cannot be had.
    /// </summary>
    public bool TryGrow(nuint byteCount)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (byteCount <= CommittedByteCount)
        {
            return true;
        }

        if (_address == 0 && !TryReserve())
        {
            return false;
        }

        if (byteCount > _reservedByteCount)
        {
            return false;
        }

        nuint step = Math.Clamp(CommittedByteCount / 16, LeastStep, LargestStep);
        nuint generous = WithWholeHugePage(AlignUp(Math.Min(Math.Max(byteCount, CommittedByteCount + step), _reservedByteCount), _platform.PageSize));
        nuint scant = AlignUp(byteCount, _platform.PageSize);
        return TryCommitTo(generous) || (scant < generous && TryCommitTo(scant));
    }

    public void Dispose()
    {
        ReleaseAll();
        GC.SuppressFinalize(this);
    }

    private static nuint AlignUp(nuint value, nuint powerOfTwo) => checked(value + (powerOfTwo - 1)) & ~(powerOfTwo - 1);

    private bool TryReserve()
    {
        for (nuint wanted = _wantedByteCount; wanted >= LeastReservation; wanted = AlignUp(wanted / 2, _platform.AllocationGranularity))
        {
            if (_platform.Reserve(wanted, Placement.Anywhere, out nuint address).IsSuccess)
            {
                _address = address;
                _reservedByteCount = wanted;
                return true;
            }
        }

        return false;
    }

    private bool TryCommitTo(nuint end)
    {
        nuint committed = CommittedByteCount;
        if (_platform.Commit(_address + committed, end - committed, PageProtection.ReadWrite).IsRefused)
        {
            return false;
        }

        CommittedByteCount = end;
        AdviseHugePages();
        return true;
    }

    /// <summary>Where to commit to so that the last bytes get a huge page of their own; unchanged where that is too much.</summary>
    private nuint WithWholeHugePage(nuint end)
    {
        if (!UsesHugePages(end))
        {
            return end;
        }

        nuint whole = AlignUp(_address + end, _platform.HugePageSize) - _address;
        return Math.Min(whole, _reservedByteCount & ~(_platform.PageSize - 1));
    }

    private bool UsesHugePages(nuint byteCount) =>
        _platform.HugePageSize != 0
        && byteCount >= _hugeByteCount
        && _platform.Supports(PageAdvice.HugePages);

    /// <summary>
    /// Asks for huge pages once there is room for several: random accesses to many records miss the translation
    /// buffers otherwise. What is new gets them when it is first touched; what was there before is gathered into
    /// them once. A refusal changes nothing but speed.
    /// </summary>
    private void AdviseHugePages()
    {
        if (!UsesHugePages(CommittedByteCount))
        {
            return;
        }

        nuint hugePage = _platform.HugePageSize;
        nuint start = AlignUp(Math.Max(_address, _advisedEnd), hugePage);
        nuint end = (_address + CommittedByteCount) & ~(hugePage - 1);
        if (start < end && _platform.Advise(start, end - start, PageAdvice.HugePages).IsSuccess)
        {
            if (_advisedEnd == 0 && _platform.Supports(PageAdvice.CollapseHugePages))
            {
                _platform.Advise(start, end - start, PageAdvice.CollapseHugePages);
            }

            _advisedEnd = end;
        }
    }

    private void ReleaseAll()
    {
        _isDisposed = true;
        if (_address == 0)
        {
            return;
        }

        SystemReply reply = Insistence.On(() => _platform.Release(_address, _reservedByteCount));
        Debug.Assert(reply.IsSuccess, "A whole reservation of our own can be released.");
        _address = 0;
        _reservedByteCount = 0;
        CommittedByteCount = 0;
    }
}
