using System.Diagnostics.CodeAnalysis;
using NativeVm.Frames;

namespace NativeVm;

public sealed unsafe partial class FramePool
{
    /// <summary>Pins a frame: it can be neither freed nor given back until it is unpinned as often. Takes no lock.</summary>
    /// <param name="frame">The number of an allocated frame.</param>
    /// <returns>The address of the frame.</returns>
    /// <exception cref="ArgumentException">It is not allocated: it has been freed, or there is no such frame.</exception>
    /// <exception cref="InvalidOperationException">It is being freed or given back, or has 2^28 - 1 pins.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public nuint Pin(uint frame)
    {
        if (!TryPin(frame))
        {
            throw new InvalidOperationException($"Frame {frame} of the pool '{Name}' is being freed or given back by another thread.");
        }

        return _start + (frame * FrameByteCount);
    }

    /// <summary>Pins a frame unless somebody is freeing it or giving it back. Takes no lock.</summary>
    /// <param name="frame">The number of a frame.</param>
    /// <returns>Whether it is pinned; if not, it is not allocated, or another thread is freeing it or giving it back.</returns>
    /// <remarks>A cache that finds a frame through a table, and may find it just being reused, pins and then looks again.</remarks>
    /// <exception cref="InvalidOperationException">It has 2^28 - 1 pins.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public bool TryPin(uint frame)
    {
        if (frame >= Volatile.Read(ref _usableCount))
        {
            ThrowIfDisposed();
            return false;
        }

        ref uint state = ref _records[frame].State;
        uint before = Volatile.Read(ref state);
        while (FrameState.IsInUse(before))
        {
            if ((before & FrameState.Pins) == FrameState.Pins)
            {
                ThrowPins(frame, "has all the pins that it can have");
            }

            uint seen = Interlocked.CompareExchange(ref state, before + 1, before);
            if (seen == before)
            {
                GC.KeepAlive(this);
                return true;
            }

            before = seen;
        }

        ObjectDisposedException.ThrowIf((before & FrameState.Closed) != 0, this);
        return false;
    }

    /// <summary>Takes one pin back. Takes no lock.</summary>
    /// <param name="frame">The number of a pinned frame.</param>
    /// <exception cref="ArgumentException">It is not allocated: it has been freed, or there is no such frame.</exception>
    /// <exception cref="InvalidOperationException">It is not pinned.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public void Unpin(uint frame)
    {
        ref uint state = ref StateOf(frame);
        uint before = Volatile.Read(ref state);
        while (true)
        {
            if ((before & FrameState.Pins) == 0)
            {
                ThrowUnlessBusy(frame, before);
                ThrowPins(frame, "is not pinned");
            }

            // A pinned frame may be closed for a moment, by a disposal that finds it pinned and is given up.
            uint seen = Interlocked.CompareExchange(ref state, before - 1, before);
            if (seen == before)
            {
                GC.KeepAlive(this);
                return;
            }

            before = seen;
        }
    }

    /// <summary>How often a frame is pinned now; 0 if it is not allocated. Other threads may change it at once.</summary>
    /// <param name="frame">The number of a frame.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public uint GetPinCount(uint frame)
    {
        ThrowIfDisposed();
        if (frame >= _frameCount)
        {
            ThrowNoFrame(frame);
        }

        return frame < Volatile.Read(ref _usableCount) ? Volatile.Read(ref _records[frame].State) & FrameState.Pins : 0;
    }

    [DoesNotReturn]
    private void ThrowPins(uint frame, string what) =>
        throw new InvalidOperationException($"Frame {frame} of the pool '{Name}' {what}.");
}
