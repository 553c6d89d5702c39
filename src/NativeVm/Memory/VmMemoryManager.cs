using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using NativeVm.Diagnostics;
using NativeVm.Memory;

namespace NativeVm;

/// <summary>
/// Native pages as <see cref="Memory{T}"/>: memory that <see cref="System.IO.Pipelines"/>, sockets, files and streams
/// take, that the collector neither moves nor scans, and that native code may keep.
/// </summary>
/// <typeparam name="T">An unmanaged type; its alignment is met, because the memory begins at a page.</typeparam>
/// <remarks>
/// <para>
/// <b>Who keeps what alive.</b> A <see cref="Memory{T}"/>, a <see cref="MemoryHandle"/>, a stream and a sequence hold
/// the manager; the manager holds the pages, and the address space that they are in, whatever becomes of the map. A
/// <see cref="Span{T}"/> and a pointer hold nothing, as with all native memory: whoever uses one keeps the manager, or
/// a pin, until it is done with it.
/// </para>
/// <para>
/// <b>Freeing early.</b> After <see cref="Dispose()"/>, every access through a <see cref="Memory{T}"/> throws
/// <see cref="ObjectDisposedException"/>. If the memory is pinned at that moment, or a stream over it is open, the
/// pages stay until the last pin or stream is gone; the event <c>FreedWhileHeld</c> tells of it. A manager that is
/// forgotten is found by the collector, and its pages go back then; the event <c>Forgotten</c> tells of it.
/// </para>
/// <para>Safe for any number of threads; the contents are their users' concern.</para>
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
public sealed unsafe class VmMemoryManager<T> : MemoryManager<T>, ILeaseHolder
    where T : unmanaged
{
    // The count of pins, and above it whether it is disposed of.
    private const int Disposed = 1 << 30;

    private readonly PageLease _lease;
    private readonly T* _start;
    private readonly int _length;
    private int _state;

    internal VmMemoryManager(PageLease lease, int length, bool addsPressure = false)
    {
        _lease = lease;
        _start = (T*)lease.Address;
        _length = length;
        lease.Attach(this, addsPressure);
    }

    /// <summary>The address of the first element, a multiple of the page size.</summary>
    public nuint Address => (nuint)_start;

    /// <summary>Elements.</summary>
    public int Length => _length;

    /// <summary>Bytes that the elements take.</summary>
    public nuint ByteCount => (nuint)_length * (nuint)sizeof(T);

    /// <summary>How many pins and streams hold the memory.</summary>
    public int PinCount => Volatile.Read(ref _state) & ~Disposed;

    /// <summary>Whether it has been disposed of; if it is held, its pages are still there.</summary>
    public bool IsDisposed => (Volatile.Read(ref _state) & Disposed) != 0;

    /// <summary>The memory; usable until the manager is disposed of.</summary>
    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    public override Memory<T> Memory
    {
        get
        {
            ThrowIfDisposed();
            return CreateMemory(_length);
        }
    }

    bool ILeaseHolder.IsPinned => PinCount != 0;

    private string DebuggerText => IsDisposed ? $"disposed, {PinCount} pins" : $"{_length} of {typeof(T).Name} at 0x{Address:x}";

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    public override Span<T> GetSpan()
    {
        ThrowIfDisposed();
        return new Span<T>(_start, _length);
    }

    /// <summary>Holds the memory at its address, which never changes, until the handle is disposed of.</summary>
    /// <param name="elementIndex">The element that the handle points to; the length is allowed.</param>
    /// <returns>The handle; the pages stay at least as long as it is not disposed of.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_length, nameof(elementIndex));
        Hold();
        return new MemoryHandle(_start + elementIndex, pinnable: this);
    }

    /// <summary>Undoes one <see cref="Pin"/>; the last one after the disposal gives the pages back.</summary>
    /// <exception cref="InvalidOperationException">Nothing is pinned.</exception>
    public override void Unpin()
    {
        int state = Volatile.Read(ref _state);
        int seen;
        do
        {
            if ((state & ~Disposed) == 0)
            {
                throw new InvalidOperationException("The memory is not pinned: Unpin has been called more often than Pin.");
            }

            seen = state;
            state = Interlocked.CompareExchange(ref _state, seen - 1, seen);
        }
        while (state != seen);
        if (seen - 1 == Disposed)
        {
            _lease.End();
        }
    }

    /// <summary>Gives the pages back, or sees to it that the last one to hold them does. A second call does nothing.</summary>
    public void Dispose() => Dispose(disposing: true);

    /// <summary>A stream over the bytes of the memory, which holds it as a pin does until it is closed.</summary>
    /// <param name="access">What may be done.</param>
    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    public VmStream OpenStream(FileAccess access = FileAccess.ReadWrite)
    {
        _ = VmStream.ProtectionFor(access);
        return new VmStream(new ManagerStorage<T>(this), ByteCount, access);
    }

    /// <summary>Takes a hold as a pin does.</summary>
    internal void Hold()
    {
        int state = Volatile.Read(ref _state);
        int seen;
        do
        {
            ObjectDisposedException.ThrowIf((state & Disposed) != 0, this);
            seen = state;
            state = Interlocked.CompareExchange(ref _state, seen + 1, seen);
        }
        while (state != seen);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        int before = Interlocked.Or(ref _state, Disposed);
        if (before == 0)
        {
            _lease.End();
        }
        else if ((before & Disposed) == 0 && NativeVmEventSource.Log.IsEnabled())
        {
            NativeVmEventSource.Log.FreedWhileHeld(_lease.Name, (long)_lease.Address, (long)_lease.ByteCount);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ThrowIfDisposed()
    {
        if ((Volatile.Read(ref _state) & Disposed) != 0)
        {
            ThrowDisposed();
        }
    }

    private static void ThrowDisposed() => throw new ObjectDisposedException(nameof(VmMemoryManager<>));
}
