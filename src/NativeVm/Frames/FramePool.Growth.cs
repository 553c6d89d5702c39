using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using NativeVm.Frames;

namespace NativeVm;

public sealed unsafe partial class FramePool
{
    /// <summary>
    /// Allocates all frames of a pool of which none was ever allocated, as one block that is committed as a whole: what
    /// SQLite, for one, takes as the memory of its page cache (<c>SQLITE_CONFIG_PAGECACHE</c>).
    /// </summary>
    /// <param name="address"><see cref="BaseAddress"/>; 0 unless it succeeds.</param>
    /// <returns>
    /// Success; <see cref="VmResult.NoSpace"/> when the limit on memory does not allow it; <see cref="VmResult.InvalidArgument"/>
    /// when a frame was allocated before; <see cref="VmResult.ResourceShortage"/> when the system refuses.
    /// </returns>
    /// <remarks>The frames can be freed one by one. They read as zeros.</remarks>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public VmResult TryAllocateAll(out nuint address)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            address = 0;
            if (_reachedCount != 0)
            {
                return VmResult.InvalidArgument;
            }

            VmResult result = TryGrow(_frameCount);
            if (!result.IsSuccess)
            {
                return result;
            }

            for (uint frame = 0; frame < _frameCount; frame++)
            {
                Volatile.Write(ref _records[frame].State, FrameState.Allocated);
            }

            Volatile.Write(ref _reachedCount, _frameCount);
            address = _start;
            return VmResult.Success;
        }
    }

    /// <summary>The figures of the pool. It looks at every frame; other threads may change them meanwhile.</summary>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public FramePoolStatistics GetStatistics()
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            nuint allocated = 0;
            nuint pinned = 0;
            nuint clean = 0;
            uint reached = Volatile.Read(ref _reachedCount);
            for (uint frame = 0; frame < reached; frame++)
            {
                uint state = Volatile.Read(ref _records[frame].State);
                allocated += (state & (FrameState.Allocated | FrameState.Busy)) != 0 ? 1u : 0;
                pinned += (state & FrameState.Pins) != 0 ? 1u : 0;
                clean += (state & FrameState.Clean) != 0 ? 1u : 0;
            }

            return new FramePoolStatistics
            {
                ReservedByteCount = _range.ByteCount,
                CommittedByteCount = _front.ByteCount,
                AllocatedByteCount = allocated * FrameByteCount,
                MetadataByteCount = _recordArena.CommittedByteCount + _bitArena.CommittedByteCount,
                AllocatedCount = allocated,
                PinnedCount = pinned,
                RetainedCount = reached - allocated - clean,
                GivenBackCount = clean,
                PurgedByteCount = (nuint)Volatile.Read(ref _purgedByteCount),
            };
        }
    }

    /// <summary>Gives the range back with all frames. A second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">
    /// A frame is pinned: somebody may be using its memory. Nothing has been disposed of.
    /// </exception>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            if (!TryClose(out uint pinned))
            {
                _isDisposed = false;
                throw new InvalidOperationException(
                    $"Frame {pinned} of the pool '{Name}' is pinned; the pool can be disposed of when no frame is.");
            }

            // The records stay, closed, for calls that are late; they go when nobody references the pool any more.
            _range.Dispose();
        }
    }

    /// <summary>Closes every frame, so that no thread can begin to use one; or none, if one is pinned.</summary>
    private bool TryClose(out uint pinned)
    {
        for (uint frame = 0; frame < _usableCount; frame++)
        {
            ref uint state = ref _records[frame].State;
            SpinWait wait = default;
            uint before;
            while (((before = Interlocked.Or(ref state, FrameState.Closed)) & FrameState.Busy) != 0)
            {
                // Its thread ends with a state that is not closed, and soon.
                wait.SpinOnce();
            }

            if ((before & FrameState.Pins) != 0)
            {
                pinned = frame;
                Reopen(frame);
                return false;
            }
        }

        pinned = 0;
        return true;
    }

    private void Reopen(uint last)
    {
        for (uint frame = 0; frame <= last; frame++)
        {
            Interlocked.And(ref _records[frame].State, ~FrameState.Closed);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private VmResult TryReachFurther(out uint frame)
    {
        lock (_gate)
        {
            ThrowIfDisposed();

            // Whoever had the gate may have brought frames: another growth, or a trim that had taken them all.
            if (TryTakeFree(out frame))
            {
                return VmResult.Success;
            }

            VmResult result = _reachedCount < _usableCount ? VmResult.Success : TryGrow((nuint)_reachedCount + 1);
            if (result.IsSuccess)
            {
                frame = _reachedCount;
                Volatile.Write(ref _records[frame].State, FrameState.Clean);
                Volatile.Write(ref _reachedCount, frame + 1);
            }

            return result;
        }
    }

    /// <summary>Commits so many frames at least.</summary>
    private VmResult TryGrow(nuint least)
    {
        if (least > _frameCount)
        {
            return VmResult.NoSpace;
        }

        VmResult result = _front.Grow(least * FrameByteCount);
        if (!result.IsSuccess)
        {
            return result;
        }

        // As many as there is memory for; should there be none for so many records, for one more.
        nuint most = Math.Min(_frameCount, _front.ByteCount / FrameByteCount);
        if (!TryGrowRecords(most))
        {
            most = least;
            if (!TryGrowRecords(least))
            {
                return VmResult.ResourceShortage;
            }
        }

        Volatile.Write(ref _usableCount, (uint)most);
        return VmResult.Success;
    }

    private bool TryGrowRecords(nuint count) =>
        _recordArena.TryGrow(count * (nuint)sizeof(FrameRecord)) && _bitArena.TryGrow((count + 63) / 64 * sizeof(ulong));

    private void ThrowExhausted()
    {
        VmResult result;
        nuint needed;
        lock (_gate)
        {
            ThrowIfDisposed();
            if (!_retained.IsEmpty || !_clean.IsEmpty || _reachedCount < _usableCount)
            {
                return;
            }

            result = TryGrow((nuint)_reachedCount + 1);
            needed = ((nuint)_reachedCount + 1) * FrameByteCount;
        }

        if (!result.IsSuccess)
        {
            Throw(needed, result);
        }
    }

    [DoesNotReturn]
    private void Throw(nuint needed, VmResult result)
    {
        if (needed > FrameCount * FrameByteCount)
        {
            throw new InsufficientMemoryException(
                $"All {_frameCount} frames of the pool '{Name}' are allocated; free some, or make it with a larger FrameCount.");
        }

        _front.Throw($"The pool '{Name}'", needed, result);
    }
}
