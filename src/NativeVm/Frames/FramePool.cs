using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeVm.Arenas;
using NativeVm.Diagnostics;
using NativeVm.Frames;
using NativeVm.Metadata;

namespace NativeVm;

/// <summary>
/// The page frames of a database's cache: frames of one size side by side, allocated, pinned and freed by number, from
/// any thread, with single frames that can be given back to the system.
/// </summary>
/// <remarks>
/// <para>
/// Frame n lies at <see cref="BaseAddress"/> + n · <see cref="FrameByteCount"/>, for ever, so that a whole pool can
/// also be had as one block of slots (<see cref="TryAllocateAll"/>), for a library that divides memory itself.
/// </para>
/// <para>
/// Apart from the frames lies a record of 8 bytes for each: a state word and a link. The word holds whether the frame is
/// allocated, whether a thread is just changing that, and how often it is pinned. It changes by compare-and-swap, so
/// pinning and unpinning take no lock and wait for nobody; and because the pin count is part of the word that freeing
/// and giving back have to swap, a frame that is pinned cannot be freed, nor pinned while it is being freed.
/// </para>
/// <para>
/// Free frames are on one of two lists, also without locks: those that keep their pages, taken first, and those whose
/// pages have gone back. Then the pool reaches one frame further, and commits memory in steps that grow with it,
/// which is the one step under a lock. All operations on single frames take constant time.
/// </para>
/// <para>
/// Safe for any number of threads. Disposal waits for operations that are under way, and throws while a frame is
/// pinned, because an I/O operation may be writing to it; the pool can be used on. A late call finds the pool disposed of:
/// the records stay until the pool is collected. No operation allocates on the managed heap, but for refusals.
/// </para>
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
[DebuggerTypeProxy(typeof(FramePoolDebugView))]
public sealed unsafe partial class FramePool : IDisposable
{
    private readonly OwnedRange _range;
    private readonly CommittedFront _front;
    private readonly MetadataArena _recordArena;
    private readonly MetadataArena _bitArena;
    private readonly nuint _start;
    private readonly uint _frameCount;
    private readonly bool _zeroesMemory;
    private readonly bool _isWired;
    private readonly bool _purgeReadsZero;

    // Taken to commit, to trim and to dispose.
    private readonly Lock _gate = new();

    private readonly FrameRecord* _records;
    private FrameStack _retained;
    private FrameStack _clean;

    // Frames that were ever handed out, and those that are committed; the first is never above the second.
    private uint _reachedCount;
    private uint _usableCount;
    private ulong _purgedByteCount;
    private volatile bool _isDisposed;

    /// <summary>Makes a pool and reserves its addresses; no memory is committed yet.</summary>
    /// <param name="options">How large frames are, how many there are, and from where.</param>
    /// <exception cref="ArgumentNullException">There are no options.</exception>
    /// <exception cref="ArgumentException">
    /// The size is 0 or no multiple of the page size, the count is 0, the whole beyond any address space, or map and
    /// platform contradict each other.
    /// </exception>
    /// <exception cref="VmMapException">The map that was given has no room, or there is no memory for the records.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused the reservation.</exception>
    public FramePool(FramePoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(options.FrameByteCount);
        ArgumentOutOfRangeException.ThrowIfZero(options.FrameCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(options.FrameCount, uint.MaxValue);
        RangeBacking backing = new(options.Map, options.Platform, options.MetadataPlatform);
        Platform.VmPlatform platform = options.Map?.Platform ?? options.Platform ?? Platform.VmPlatform.Current;
        if ((options.FrameByteCount & (platform.PageSize - 1)) != 0)
        {
            throw new ArgumentException($"A frame is whole pages, of {platform.PageSize} bytes.", nameof(options));
        }

        Name = options.Name;
        FrameByteCount = options.FrameByteCount;
        _frameCount = (uint)options.FrameCount;
        _zeroesMemory = options.ZeroesMemory;
        _isWired = options.IsWired;
        _purgeReadsZero = platform.Supports(Platform.PlatformCapabilities.PurgeReadsZero);
        nuint byteCount = OwnedRange.Multiply(options.FrameCount, options.FrameByteCount, nameof(options));
        nuint alignment = unchecked(options.FrameByteCount & (0 - options.FrameByteCount));
        _range = new OwnedRange(backing, byteCount, RangeAlignment.Of(backing, options.UsesHugePages, alignment));
        _front = new CommittedFront(
            _range, new FrontPolicy(options.CommitStep, options.MemoryLimit, options.UsesHugePages, options.IsWired));
        _start = _range.Start;
        Platform.VmPlatform metadata = options.MetadataPlatform ?? Platform.VmPlatform.Current;
        _recordArena = new MetadataArena(metadata, options.FrameCount * (nuint)sizeof(FrameRecord));
        _bitArena = new MetadataArena(metadata, (options.FrameCount + 63) / 64 * sizeof(ulong));
        if (!TryGrowRecords(1))
        {
            _range.Dispose();
            _recordArena.Dispose();
            _bitArena.Dispose();
            throw new VmMapException(VmResult.ResourceShortage);
        }

        // From now on it never changes, so that threads need not agree on it.
        _records = (FrameRecord*)_recordArena.Base;
        _ticket = LiveInstances.Add(this);
    }

    /// <summary>The name for diagnostics.</summary>
    public string Name { get; }

    /// <summary>The map that the frames lie in.</summary>
    public VmMap Map => _range.Map;

    /// <summary>The address of frame 0.</summary>
    public nuint BaseAddress => _start;

    /// <summary>Bytes of a frame.</summary>
    public nuint FrameByteCount { get; }

    /// <summary>Frames in the pool.</summary>
    public nuint FrameCount => _frameCount;

    private string DebuggerText => _isDisposed
        ? $"{Name}, disposed"
        : $"{Name}: {_reachedCount:N0} of {_frameCount:N0} frames of {FrameByteCount:N0} bytes in use or free";

    /// <summary>Allocates a frame, not pinned.</summary>
    /// <returns>Its number; its bytes are zero unless the options say otherwise.</returns>
    /// <exception cref="InsufficientMemoryException">All frames are allocated, or the limit on memory is used up.</exception>
    /// <exception cref="VmMapException">There is no memory for the records.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused to commit or to wire more.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public uint Allocate()
    {
        uint frame;
        while (!TryAllocate(out frame))
        {
            ThrowExhausted();
        }

        return frame;
    }

    /// <summary>Allocates a frame, not pinned, unless there is none to be had.</summary>
    /// <param name="frame">Its number; 0 if there is none.</param>
    /// <returns>Whether there was; if not, nothing has changed.</returns>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public bool TryAllocate(out uint frame)
    {
        ThrowIfDisposed();
        while (TryTakeFree(out frame) || TryReachFurther(out frame).IsSuccess)
        {
            if (TryBeginUse(frame))
            {
                GC.KeepAlive(this);
                return true;
            }

            ThrowIfDisposed();
        }

        return false;
    }

    /// <summary>Frees a frame; its pages stay for the next one that is allocated.</summary>
    /// <param name="frame">The number of an allocated frame that is not pinned.</param>
    /// <exception cref="ArgumentException">It is not allocated: it has been freed, or there is no such frame.</exception>
    /// <exception cref="InvalidOperationException">It is pinned, or another thread is giving it back.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public void Free(uint frame)
    {
        if (!TryFree(frame))
        {
            throw new InvalidOperationException($"Frame {frame} of the pool '{Name}' is pinned; it has to be unpinned before it is freed.");
        }
    }

    /// <summary>Frees a frame unless it is pinned.</summary>
    /// <param name="frame">The number of an allocated frame.</param>
    /// <returns>Whether it is free now; if not, it is pinned, or another thread is giving it back, and nothing has changed.</returns>
    /// <exception cref="ArgumentException">It is not allocated: it has been freed, or there is no such frame.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public bool TryFree(uint frame)
    {
        bool isMine = TryChange(frame, FrameState.Allocated, 0);
        if (isMine)
        {
            _retained.Push(_records, frame);
        }

        GC.KeepAlive(this);
        return isMine;
    }

    /// <summary>The address of a frame, allocated or not.</summary>
    /// <param name="frame">The number of a frame.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nuint GetAddress(uint frame)
    {
        if (frame >= _frameCount)
        {
            ThrowNoFrame(frame);
        }

        return _start + (frame * FrameByteCount);
    }

    /// <summary>The bytes of a frame, allocated or not: who uses them has to have it pinned, or to own it otherwise.</summary>
    /// <param name="frame">The number of a frame of at most 2 GiB.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public Span<byte> GetSpan(uint frame)
    {
        ThrowIfDisposed();
        return new((void*)GetAddress(frame), checked((int)FrameByteCount));
    }

    /// <summary>The frame that an address lies in.</summary>
    /// <param name="address">Any address.</param>
    /// <param name="frame">The number; 0 if there is none.</param>
    /// <returns>Whether it lies in one, allocated or not.</returns>
    public bool TryGetFrame(nuint address, out uint frame)
    {
        nuint number = unchecked(address - _start) / FrameByteCount;
        frame = number < _frameCount ? (uint)number : 0;
        return number < _frameCount;
    }

    private bool TryTakeFree(out uint frame) => _retained.TryPop(_records, out frame) || _clean.TryPop(_records, out frame);

    /// <summary>
    /// Makes a frame that this thread has taken off a list an allocated one; <see langword="false"/>, with the frame on
    /// a list again, when the pool is being closed, which may yet be given up.
    /// </summary>
    private bool TryBeginUse(uint frame)
    {
        ref uint state = ref _records[frame].State;
        uint before = Volatile.Read(ref state);
        bool mustClear = _zeroesMemory && (before & FrameState.Clean) == 0;
        uint next = mustClear ? FrameState.Busy : FrameState.Allocated;

        // Nobody else touches a free frame but who closes the pool.
        if ((before & FrameState.Closed) != 0 || Interlocked.CompareExchange(ref state, next, before) != before)
        {
            _retained.Push(_records, frame);
            return false;
        }

        if (mustClear)
        {
            NativeMemory.Clear((void*)(_start + (frame * FrameByteCount)), FrameByteCount);
            EndBusy(frame, FrameState.Allocated);
        }

        return true;
    }

    /// <summary>
    /// Swaps the state of a frame that is allocated and not pinned; <see langword="false"/> when it is pinned or somebody else
    /// is at it.
    /// </summary>
    private bool TryChange(uint frame, uint from, uint to)
    {
        uint seen = Interlocked.CompareExchange(ref StateOf(frame), to, from);
        if (seen == from)
        {
            return true;
        }

        if (!FrameState.IsInUse(seen))
        {
            ThrowUnlessBusy(frame, seen);
        }

        return false;
    }

    private ref uint StateOf(uint frame)
    {
        if (frame >= Volatile.Read(ref _usableCount))
        {
            ThrowIfDisposed();
            ThrowNotAllocated(frame);
        }

        return ref _records[frame].State;
    }

    private void ThrowUnlessBusy(uint frame, uint state)
    {
        ObjectDisposedException.ThrowIf((state & FrameState.Closed) != 0, this);
        if ((state & (FrameState.Allocated | FrameState.Busy)) == 0)
        {
            ThrowNotAllocated(frame);
        }
    }

    [DoesNotReturn]
    private void ThrowNotAllocated(uint frame) =>
        throw new ArgumentException($"Frame {frame} of the pool '{Name}' is not allocated; it has been freed, or never was.", nameof(frame));

    [DoesNotReturn]
    private void ThrowNoFrame(uint frame) =>
        throw new ArgumentOutOfRangeException(nameof(frame), frame, $"The pool '{Name}' has {_frameCount} frames.");

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed, this);
}
