using System.Diagnostics;
using NativeVm.Diagnostics;
using NativeVm.Objects;
using NativeVm.Platform;

namespace NativeVm;

/// <summary>
/// Memory that can be frozen: <see cref="TryTake"/> gives a consistent view of it as it is at that moment, while writers
/// go on writing at the same addresses, and only the pages that they write are copied.
/// </summary>
/// <remarks>
/// <para>
/// <b>Why it is the writers that move.</b> A private mapping of an object shows what others write to the object, as long as
/// the page has not been copied; so a frozen private view beside a live shared one would not be frozen. Here it is the
/// other way round. The memory is an object. Until the first snapshot the range is a shared view of it. A snapshot
/// maps a second shared view, for reading, and then replaces the range, at its own addresses and in one step
/// (<c>mmap(MAP_PRIVATE | MAP_FIXED)</c>), by a copy-on-write view of the same object. Nothing can write to the object
/// any more, so the second view is frozen; what writers write is copied page by page, by the system, at the first write.
/// </para>
/// <para>
/// <b>The moment.</b> Linux replaces the view under the lock that page faults take, and no processor keeps a
/// translation of the old view beyond it. A write that meets the replacement waits in its page fault and goes to a copy;
/// a write that does not, went to the object. So there is one cut: every write of every thread is wholly before or wholly
/// after it, and what a thread wrote, or saw, before something in the snapshot is in it too. The cut knows nothing of the
/// writers' own invariants: who is in the middle of changing two words is found in the middle. Whoever needs more than
/// that holds its writers off for the call, which is two calls to the system long, however large the range. What the
/// cut does not see is memory that the system itself writes by physical address: reads in flight into the range by
/// <c>O_DIRECT</c>, or into buffers registered with a ring.
/// </para>
/// <para>
/// <b>The snapshots after the first.</b> What writers have written since is in copies that only the range has. Another
/// snapshot needs them: if no other snapshot is alive, they are copied into the object, and the range is made a fresh
/// copy-on-write view of it, which drops the copies; if one is alive, the object must stay as it is, and the new
/// snapshot is a copy-on-write view too, into which the copies are copied. Either takes time in proportion to the pages
/// written since the object was last up to date, about a microsecond each, so that past half of all pages a plain copy
/// would be as fast; and for this time <b>writers have to be held off</b> by the caller; readers need not be.
/// <see cref="IsUpToDate"/> says whether the next snapshot is of the first kind, without copies and without waiting.
/// <see cref="TryMerge"/> brings the object up to date between snapshots, at a time that the caller chooses, and the
/// range is a shared view again, whose writes cost nothing more.
/// </para>
/// <para>
/// Which pages are copies Linux tells (<see cref="VmPlatform.QueryCopiedPages"/>, a small part of a microsecond for each
/// page of the range, more for those that are resident); where no system does, the pages are compared. Where a mapping
/// cannot be replaced in one step (Windows), <see cref="IsCopyOnWrite"/> is false: a snapshot is a plain copy of
/// everything, writers have to be held off, and everything else is the same.
/// </para>
/// <para>
/// The range must not be unmapped, protected or remapped by other means while it lives. Taking, merging and disposal
/// exclude each other and may be called by any thread.
/// </para>
/// </remarks>
[DebuggerDisplay("{Name,nq}: {ByteCount} bytes")]
public sealed unsafe partial class VmSnapshotRange : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SnapshotCount _snapshots = new();
    private readonly ViewRow _row;
    private readonly MemoryObjectHandle _source;
    private readonly VmPlatform _platform;

    // Whether the range is a copy-on-write view, which may have pages of its own.
    private bool _isPrivate;

    // A view that merging writes through; kept, because its page faults cost more than the copies.
    private SnapshotView? _merging;
    private long _taken;
    private ulong _copied;
    private bool _isDisposed;

    /// <summary>Makes a range, or throws.</summary>
    /// <param name="options">How large, and where.</param>
    /// <exception cref="ArgumentException">
    /// The length is 0 or no address space is that large, or the platform is not the map's.
    /// </exception>
    /// <exception cref="SystemRefusedException">The system refused; its message says what to do.</exception>
    /// <exception cref="VmMapException">The map has no room.</exception>
    public VmSnapshotRange(VmSnapshotOptions options)
    {
        Make(options, out ViewRow? row, out MemoryObjectHandle? source).ThrowIfFailed();
        (Name, _row, _source, _platform) = (options.Name, row!, source!, row!.Platform);
        _ticket = LiveInstances.Add(this);
    }

    private VmSnapshotRange(VmSnapshotOptions options, ViewRow row, MemoryObjectHandle source)
    {
        (Name, _row, _source, _platform) = (options.Name, row, source, row.Platform);
        _ticket = LiveInstances.Add(this);
    }

    /// <summary>The name that was given.</summary>
    public string Name { get; }

    /// <summary>Where the range begins; it stays there. Zeroed at first, and readable and writable at all times.</summary>
    /// <exception cref="ObjectDisposedException">The range has been disposed of.</exception>
    public nuint Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _row.Address;
        }
    }

    /// <summary>Bytes in the range, a multiple of the platform's allocation granularity.</summary>
    public nuint ByteCount => _row.ByteCount;

    /// <summary>Whether snapshots share unwritten pages with the range; where they do not, each is a copy of everything.</summary>
    public bool IsCopyOnWrite => _row.CanReplace;

    /// <summary>
    /// Whether the next snapshot needs no copies, and writers need not be held off while it is taken: there has been none
    /// since the range was made or merged.
    /// </summary>
    public bool IsUpToDate => IsCopyOnWrite && !Volatile.Read(ref _isPrivate);

    /// <summary>Makes a range, and says so when the system or the map refuses.</summary>
    /// <param name="options">How large, and where.</param>
    /// <param name="range">The range; null unless it succeeds.</param>
    /// <returns>
    /// Success; <see cref="VmResult.NoSpace"/> when the map has no room; <see cref="VmResult.ResourceShortage"/> with
    /// the system's refusal, <see cref="RefusalReason.NotSupported"/> where it has no such objects
    /// (<see cref="PlatformCapabilities.SharedMemoryObjects"/> tells beforehand) or cannot put them into a map.
    /// </returns>
    /// <exception cref="ArgumentException">As the constructor.</exception>
    public static VmResult TryCreate(VmSnapshotOptions options, out VmSnapshotRange? range)
    {
        VmResult result = Make(options, out ViewRow? row, out MemoryObjectHandle? source);
        range = result.IsSuccess ? new VmSnapshotRange(options, row!, source!) : null;
        return result;
    }

    /// <summary>Part of the range.</summary>
    /// <param name="offset">Where the part begins, in bytes.</param>
    /// <param name="byteCount">Its length in bytes, up to 2^31 - 1; 0 is an empty span.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not all of it lies in the range.</exception>
    /// <exception cref="ObjectDisposedException">The range has been disposed of.</exception>
    public Span<byte> GetSpan(nuint offset, nuint byteCount)
    {
        nuint address = Address;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, ByteCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteCount, Math.Min(ByteCount - offset, int.MaxValue));
        return new((void*)(address + offset), (int)byteCount);
    }

    /// <summary>How much there is, and has been.</summary>
    /// <exception cref="ObjectDisposedException">The range has been disposed of.</exception>
    public VmSnapshotStatistics GetStatistics()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            int count = _snapshots.Value;
            int views = count + (_merging is null ? 1 : 2);
            return new((nuint)views * ByteCount, ByteCount, count, _taken, _copied);
        }
    }

    /// <summary>Gives the range back. Its snapshots stay. A second call does nothing.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            LiveInstances.Remove(_ticket);
            _row.Dispose();
            _merging?.Dispose();
            _source.Dispose();
        }
    }

    private static VmResult Make(VmSnapshotOptions options, out ViewRow? row, out MemoryObjectHandle? source)
    {
        row = null;
        source = null;
        ArgumentNullException.ThrowIfNull(options);
        VmPlatform platform = ObjectArguments.PlatformOf(options.Platform, options.Map);
        nuint byteCount = ObjectArguments.RoundUp(platform, options.ByteCount, most: nuint.MaxValue / 2);
        SystemReply reply = platform.CreateSharedMemory(byteCount, options.Name, out MemoryObjectHandle? handle);
        if (reply.IsRefused)
        {
            return VmResult.Refused(reply);
        }

        VmResult result = ViewRow.Make(
            platform,
            options.Map,
            byteCount,
            options.Placement,
            row => row.Append(byteCount, handle!, 0, PageProtection.ReadWrite, MappingSharing.Shared),
            out row);
        if (result.IsSuccess)
        {
            source = handle;
        }
        else
        {
            handle!.Dispose();
        }

        return result;
    }
}
