using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using NativeVm.Arenas;
using NativeVm.Diagnostics;
using NativeVm.Memory;

namespace NativeVm;

/// <summary>
/// A buffer to write to that grows by committing pages: what has been written never moves and is never copied, may be
/// longer than 2 GiB, and every span and pointer into it stays valid until the writer is disposed of.
/// </summary>
/// <remarks>
/// <para>
/// All that it may ever hold is reserved at first; pages follow in steps, ahead of the writing. Writing costs a
/// comparison, and allocates nothing on the managed heap but for one small object a GiB when <see cref="Memory{T}"/> is
/// asked for.
/// </para>
/// <para>
/// Memory and sequences that it hands out keep its pages; after its disposal they throw, and what is pinned then stays
/// until it no longer is (<see cref="VmMemoryManager{T}"/>). For one thread at a time.
/// </para>
/// </remarks>
[DebuggerDisplay("{Name,nq}: {WrittenByteCount} of {Capacity} bytes")]
public sealed unsafe class VmBufferWriter : IBufferWriter<byte>, IUsageSource, IDisposable
{
    // So much of a span is always offered, if the buffer can hold it.
    private const int LeastSpan = 256;

    private const nuint SegmentLength = 1 << 30;

    private readonly GrowingRange _range;
    private readonly InstanceTicket _ticket;
    private byte* _next;
    private byte* _end;
    private bool _isDisposed;

    /// <summary>Makes a writer and reserves its address space.</summary>
    /// <param name="options">How much, and where.</param>
    /// <exception cref="VmMapException">The map given has no such space.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused the reservation.</exception>
    public VmBufferWriter(VmBufferWriterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(options.MaxByteCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxByteCount, nuint.MaxValue / 2);
        RangeBacking backing = new(options.Map, options.Platform, options.MetadataPlatform);
        _range = new GrowingRange(backing, options.MaxByteCount, options.Name);
        _next = _end = (byte*)_range.Address;
        _ticket = LiveInstances.Add(this);
    }

    /// <summary>What diagnostics call the writer.</summary>
    public string Name => _range.Name;

    /// <summary>The address of the first byte, which never changes.</summary>
    public nuint Address => _range.Address;

    /// <summary>Bytes that may be written at most.</summary>
    public nuint Capacity => _range.Capacity;

    /// <summary>Bytes that have been written.</summary>
    public nuint WrittenByteCount => (nuint)_next - _range.Address;

    /// <summary>What has been written.</summary>
    /// <exception cref="InvalidOperationException">It is longer than a span can be; see <see cref="GetWrittenSequence"/>.</exception>
    /// <exception cref="ObjectDisposedException">The writer has been disposed of.</exception>
    public ReadOnlySpan<byte> WrittenSpan
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return WrittenByteCount <= int.MaxValue
                ? new ReadOnlySpan<byte>((void*)_range.Address, (int)WrittenByteCount)
                : throw new InvalidOperationException("What has been written is longer than a span can be; take the sequence.");
        }
    }

    string IUsageSource.Kind => "writer";

    /// <summary>Room to write to, contiguous.</summary>
    /// <param name="sizeHint">Bytes that are needed at least; 0 means some.</param>
    /// <returns>At least so many bytes, directly behind what has been written.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The hint is negative.</exception>
    /// <exception cref="InsufficientMemoryException">The writer cannot hold so much.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused the memory.</exception>
    /// <exception cref="ObjectDisposedException">The writer has been disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        // A negative hint is a large one here, and is told apart on the way that is rare.
        nuint room = (nuint)(_end - _next);
        if (room < (nuint)(uint)sizeHint || room < LeastSpan)
        {
            room = MakeRoom(sizeHint);
        }

        return new Span<byte>(_next, (int)Math.Min(room, int.MaxValue));
    }

    /// <summary>As <see cref="GetSpan"/>, as memory that keeps the pages.</summary>
    /// <param name="sizeHint">Bytes that are needed at least, up to 1 GiB; 0 means some.</param>
    /// <returns>At least so many bytes, directly behind what has been written.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The hint is negative or above 1 GiB.</exception>
    /// <exception cref="InsufficientMemoryException">The writer cannot hold so much.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused the memory.</exception>
    /// <exception cref="ObjectDisposedException">The writer has been disposed of.</exception>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((nuint)Math.Max(0, sizeHint), SegmentLength, nameof(sizeHint));
        int length = GetSpan(sizeHint).Length;
        Memory<byte> part = _range.MemoryFrom(WrittenByteCount);
        return part.Length > length ? part[..length] : part;
    }

    /// <summary>So many bytes of the room have been written.</summary>
    /// <param name="count">Bytes, no more than the room that was handed out last.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    /// <exception cref="InvalidOperationException">There was no room for so many.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int count)
    {
        if ((nuint)(uint)count > (nuint)(_end - _next) || count < 0)
        {
            ThrowAdvance(count);
        }

        _next += count;
    }

    /// <summary>What has been written, of any length: pieces of 1 GiB.</summary>
    /// <exception cref="ObjectDisposedException">The writer has been disposed of.</exception>
    public ReadOnlySequence<byte> GetWrittenSequence()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return NativeSegment.Link(Pieces());
    }

    /// <summary>Forgets what has been written, and keeps the pages for what follows.</summary>
    /// <exception cref="ObjectDisposedException">The writer has been disposed of.</exception>
    public void Clear()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _next = (byte*)_range.Address;
    }

    /// <summary>Gives the pages back to the system that hold nothing.</summary>
    /// <returns>Success, or the system's refusal; then nothing has changed.</returns>
    /// <exception cref="ObjectDisposedException">The writer has been disposed of.</exception>
    public VmResult Trim()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        VmResult result = _range.Trim(WrittenByteCount);
        _end = (byte*)(_range.Address + _range.CommittedByteCount);
        return result;
    }

    /// <summary>The figures of the writer now.</summary>
    /// <exception cref="ObjectDisposedException">The writer has been disposed of.</exception>
    public VmBufferWriterStatistics GetStatistics()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new VmBufferWriterStatistics
        {
            ReservedByteCount = _range.Capacity,
            CommittedByteCount = _range.CommittedByteCount,
            WrittenByteCount = WrittenByteCount,
        };
    }

    /// <summary>Gives the pages back, or sees to it that the last pin does. A second call does nothing.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        LiveInstances.Remove(_ticket);
        _next = _end = (byte*)_range.Address;
        _range.Dispose();
    }

    VmUsage IUsageSource.GetUsage(UsageFigures figures)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new VmUsage
        {
            ReservedByteCount = _range.Capacity,
            CommittedByteCount = _range.CommittedByteCount,
            AllocatedByteCount = WrittenByteCount,
        };
    }

    private IEnumerable<ReadOnlyMemory<byte>> Pieces()
    {
        nuint written = WrittenByteCount;
        for (nuint offset = 0; offset < written; offset += SegmentLength)
        {
            yield return _range.MemoryFrom(offset)[..(int)Math.Min(SegmentLength, written - offset)];
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private nuint MakeRoom(int sizeHint)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        nuint written = WrittenByteCount;
        nuint left = _range.Capacity - written;
        nuint least = Math.Max(1, (nuint)sizeHint);
        if (least > left)
        {
            throw new InsufficientMemoryException(
                $"The writer '{Name}' may hold {Capacity} bytes, has {written} and needs {sizeHint} more; "
                + $"{nameof(VmBufferWriterOptions)}.{nameof(VmBufferWriterOptions.MaxByteCount)} sets how many.");
        }

        _range.Ensure(written + Math.Min(Math.Max(LeastSpan, least), left)).ThrowIfFailed();
        _end = (byte*)(_range.Address + _range.CommittedByteCount);
        return (nuint)(_end - _next);
    }

    private void ThrowAdvance(int count)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        throw new InvalidOperationException($"There was no room for {count} bytes; GetSpan or GetMemory makes it.");
    }
}
