using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using NativeVm.Diagnostics;
using NativeVm.Objects;
using NativeVm.Platform;

namespace NativeVm;

/// <summary>
/// A ring buffer that never wraps: its memory is mapped twice in a row, so that what runs over the end of the first
/// view goes on at the beginning of the memory, and every window is one span.
/// </summary>
/// <remarks>
/// <para>
/// One memory object of <see cref="Capacity"/> bytes (<c>memfd_create(2)</c>, a section of the page file) has two shared
/// views, at <see cref="Address"/> and at <see cref="Address"/> + <see cref="Capacity"/>. A byte at offset <c>i</c> is
/// also the byte at offset <c>Capacity + i</c>. Processors keep caches by physical address, so a byte written through
/// one view is read through the other like any other byte; streaming costs what it costs in a plain buffer, without
/// the two copies around the end of one. What it does cost is address space, entries of the translation cache for two
/// views instead of one, and pages of ordinary size, because memory objects have no huge ones unless the machine is
/// set up to give them.
/// </para>
/// <para>
/// <b>As a pipe.</b> One thread writes and one reads, and neither locks or waits: <see cref="TryGetWriteSpan"/>, fill
/// some of the span, <see cref="AdvanceWriter"/>; <see cref="TryGetReadSpan"/>, use some of it,
/// <see cref="AdvanceReader"/>. Each side counts the bytes it has passed in 64 bits that never run over, publishes the
/// count with release and reads the other's with acquire, and only looks at the other's when what it saw last is not
/// enough: as long as there is room and data, no line of the processor's cache moves between the threads but the data.
/// The sides lie on lines of their own. Different threads may be the writer at different times, if one hands over to
/// the next by other means; likewise the reader.
/// </para>
/// <para>
/// <b>As memory.</b> <see cref="GetWindow"/> is any run of bytes that begins anywhere in the ring.
/// </para>
/// <para>
/// Where parts of a reservation can be replaced (<see cref="PlatformCapabilities.Placeholders"/>) nobody can come
/// between the two views while they are made. Elsewhere the addresses are given up for a moment, and others are tried
/// when somebody takes them; there, a buffer cannot be made in a map.
/// </para>
/// <para>
/// Nothing but construction and disposal asks the system or allocates on the managed heap. Disposal must not meet a
/// use of a span: spans are addresses and do not keep the memory.
/// </para>
/// </remarks>
[DebuggerDisplay("{Name,nq}: {PendingByteCount} of {Capacity} bytes")]
[SuppressMessage("Design", "CA1024", Justification = "What changes from call to call is no property.")]
public sealed unsafe partial class MirroredBuffer : IDisposable
{
    private readonly ViewRow _row;
    private readonly nuint _capacity;

    // 0 once disposed: the one word that every operation looks at.
    private nuint _address;
    private bool _isWriterDone;
    private RingSide _writer;
    private RingSide _reader;

    /// <summary>Makes a buffer, or throws.</summary>
    /// <param name="options">How large, and where.</param>
    /// <exception cref="ArgumentException">
    /// The length is 0 or no address space is that large, or the platform is not the map's.
    /// </exception>
    /// <exception cref="SystemRefusedException">The system refused; its message says what to do.</exception>
    /// <exception cref="VmMapException">The map has no room.</exception>
    public MirroredBuffer(MirroredBufferOptions options)
        : this(options, Make(options))
    {
    }

    private MirroredBuffer(MirroredBufferOptions options, ViewRow row)
    {
        _row = row;
        _capacity = row.ByteCount / 2;
        _address = row.Address;
        Name = options.Name;
        _ticket = LiveInstances.Add(this);
    }

    /// <summary>The name that was given.</summary>
    public string Name { get; }

    /// <summary>Where the first view begins; bytes are readable and writable to twice the capacity above it.</summary>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed of.</exception>
    public nuint Address => Live();

    /// <summary>Bytes that the buffer holds, a multiple of the platform's allocation granularity.</summary>
    public nuint Capacity => _capacity;

    /// <summary>Bytes of the longest span: the capacity, or 2^31 - 1 where that is less.</summary>
    public nuint MaxSpanByteCount => Math.Min(_capacity, int.MaxValue);

    /// <summary>Bytes written and not read yet: at least so many for the reader, at most so many for the writer.</summary>
    public nuint PendingByteCount
    {
        get
        {
            // The reader first: the difference then never falls below 0.
            ulong read = Volatile.Read(ref _reader.Position);
            return (nuint)Math.Min(Volatile.Read(ref _writer.Position) - read, _capacity);
        }
    }

    /// <summary>Whether <see cref="CompleteWriter"/> was called; what was written before it is there to be read.</summary>
    public bool IsWriterCompleted => Volatile.Read(ref _isWriterDone);

    /// <summary>Whether <see cref="CompleteWriter"/> was called and everything written before it has been read.</summary>
    public bool IsCompleted =>
        Volatile.Read(ref _isWriterDone) && Volatile.Read(ref _writer.Position) == Volatile.Read(ref _reader.Position);

    /// <summary>Makes a buffer, and says so when the system or the map refuses.</summary>
    /// <param name="options">How large, and where.</param>
    /// <param name="buffer">The buffer; null unless it succeeds.</param>
    /// <returns>
    /// Success; <see cref="VmResult.NoSpace"/> when the map has no room; <see cref="VmResult.ResourceShortage"/> with
    /// the system's refusal, <see cref="RefusalReason.NotSupported"/> where it has no such objects
    /// (<see cref="PlatformCapabilities.SharedMemoryObjects"/> tells beforehand) or cannot put them into a map
    /// (<see cref="VmMap.SupportsObjects"/>).
    /// </returns>
    /// <exception cref="ArgumentException">As the constructor.</exception>
    public static VmResult TryCreate(MirroredBufferOptions options, out MirroredBuffer? buffer)
    {
        VmResult result = Make(options, out ViewRow? row);
        buffer = row is null ? null : new MirroredBuffer(options, row);
        return result;
    }

    /// <summary>Any run of bytes of the ring.</summary>
    /// <param name="offset">Where it begins, below the capacity.</param>
    /// <param name="byteCount">Its length in bytes, up to <see cref="MaxSpanByteCount"/>; 0 is an empty span.</param>
    /// <exception cref="ArgumentOutOfRangeException">The offset or the length is too large.</exception>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed of.</exception>
    public Span<byte> GetWindow(nuint offset, nuint byteCount)
    {
        nuint address = Live();
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, _capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteCount, MaxSpanByteCount);
        return new((void*)(address + offset), (int)byteCount);
    }

    /// <summary>The writer's: all the room that there is, if that is enough.</summary>
    /// <param name="minimumByteCount">Bytes that the writer needs, 1 to <see cref="MaxSpanByteCount"/>.</param>
    /// <param name="span">The room; its contents are old. Empty when it is not enough.</param>
    /// <returns>Whether there is so much room now; the reader makes more.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The buffer can never have so much room, or 0 is asked for.</exception>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGetWriteSpan(nuint minimumByteCount, out Span<byte> span)
    {
        nuint address = _address;
        nuint room = Clipped(_capacity - (_writer.Position - _writer.Seen));
        if (minimumByteCount - 1 < room && address != 0)
        {
            span = new((void*)(address + _writer.Offset), (int)room);
            return true;
        }

        return LookForRoom(minimumByteCount, out span);
    }

    /// <summary>The writer's: the first bytes of the room have been filled, and the reader may have them.</summary>
    /// <param name="byteCount">How many; 0 does nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is not so much room; nothing is changed.</exception>
    /// <exception cref="InvalidOperationException">The writer has completed.</exception>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AdvanceWriter(nuint byteCount)
    {
        if (byteCount > _capacity - (_writer.Position - _writer.Seen) || _isWriterDone || _address == 0)
        {
            RequireRoom(byteCount);
        }

        _writer.Advance(byteCount, _capacity);
    }

    /// <summary>The writer's: there will be no more.</summary>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed of.</exception>
    public void CompleteWriter()
    {
        _ = Live();
        Volatile.Write(ref _isWriterDone, true);
    }

    /// <summary>The reader's: all the data that there is, if that is enough.</summary>
    /// <param name="minimumByteCount">Bytes that the reader needs, 1 to <see cref="MaxSpanByteCount"/>.</param>
    /// <param name="span">The data, oldest first. Empty when it is not enough.</param>
    /// <returns>
    /// Whether there is so much data now. When there is not although <see cref="IsWriterCompleted"/> was true before the
    /// call, there never will be; less than the minimum may be left.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The buffer can never have so much data, or 0 is asked for.</exception>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGetReadSpan(nuint minimumByteCount, out ReadOnlySpan<byte> span)
    {
        nuint address = _address;
        nuint data = Clipped(_reader.Seen - _reader.Position);
        if (minimumByteCount - 1 < data && address != 0)
        {
            span = new((void*)(address + _reader.Offset), (int)data);
            return true;
        }

        return LookForData(minimumByteCount, out span);
    }

    /// <summary>The reader's: the first bytes of the data have been used, and their room is the writer's again.</summary>
    /// <param name="byteCount">How many; 0 does nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is not so much data; nothing is changed.</exception>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AdvanceReader(nuint byteCount)
    {
        if (byteCount > _reader.Seen - _reader.Position || _address == 0)
        {
            RequireData(byteCount);
        }

        _reader.Advance(byteCount, _capacity);
    }

    /// <summary>How much there is, and has been, by any thread.</summary>
    /// <exception cref="ObjectDisposedException">The buffer has been disposed of.</exception>
    public MirroredBufferStatistics GetStatistics()
    {
        _ = Live();
        ulong read = Volatile.Read(ref _reader.Position);
        ulong written = Volatile.Read(ref _writer.Position);
        return new(2 * _capacity, _capacity, (nuint)Math.Min(written - read, _capacity), written, read);
    }

    /// <summary>Gives memory and addresses back. A second call does nothing.</summary>
    public void Dispose()
    {
        LiveInstances.Remove(_ticket);
        _address = 0;
        _row.Dispose();
    }

    private static ViewRow Make(MirroredBufferOptions options)
    {
        Make(options, out ViewRow? row).ThrowIfFailed();
        return row!;
    }

    private static VmResult Make(MirroredBufferOptions options, out ViewRow? row)
    {
        row = null;
        ArgumentNullException.ThrowIfNull(options);
        VmPlatform platform = ObjectArguments.PlatformOf(options.Platform, options.Map);
        nuint byteCount = ObjectArguments.RoundUp(platform, options.ByteCount, most: nuint.MaxValue / 2);
        SystemReply reply = platform.CreateSharedMemory(byteCount, options.Name, out MemoryObjectHandle? handle);
        if (reply.IsRefused)
        {
            return VmResult.Refused(reply);
        }

        using MemoryObjectHandle source = handle!;
        VmResult result = ViewRow.Make(
            platform, options.Map, 2 * byteCount, options.Placement, row => Fill(row, byteCount, source), out row);
        if (result.IsSuccess && options.IsPrefaulted)
        {
            // Advice: a refusal means page faults later, which is what happens without it.
            _ = platform.Prefault(row!.Address, byteCount);
            _ = platform.Prefault(row.Address + byteCount, byteCount);
        }

        return result;
    }

    private static VmResult Fill(ViewRow row, nuint byteCount, MemoryObjectHandle source)
    {
        VmResult result = row.Append(byteCount, source, 0, PageProtection.ReadWrite, MappingSharing.Shared);
        return result.IsSuccess
            ? row.Append(byteCount, source, 0, PageProtection.ReadWrite, MappingSharing.Shared)
            : result;
    }

    private static nuint Clipped(ulong byteCount) => (nuint)Math.Min(byteCount, int.MaxValue);

    [DoesNotReturn]
    private static void ThrowDone() =>
        throw new InvalidOperationException("The writer has completed; nothing more can be written.");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool LookForRoom(nuint minimumByteCount, out Span<byte> span)
    {
        nuint address = Live();
        RequireMinimum(minimumByteCount);
        _writer.Look(ref _reader);
        nuint room = Clipped(_capacity - (_writer.Position - _writer.Seen));
        bool isEnough = room >= minimumByteCount;
        span = isEnough ? new((void*)(address + _writer.Offset), (int)room) : default;
        return isEnough;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool LookForData(nuint minimumByteCount, out ReadOnlySpan<byte> span)
    {
        nuint address = Live();
        RequireMinimum(minimumByteCount);
        _reader.Look(ref _writer);
        nuint data = Clipped(_reader.Seen - _reader.Position);
        bool isEnough = data >= minimumByteCount;
        span = isEnough ? new((void*)(address + _reader.Offset), (int)data) : default;
        return isEnough;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RequireRoom(nuint byteCount)
    {
        _ = Live();
        _writer.Look(ref _reader);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteCount, (nuint)(_capacity - (_writer.Position - _writer.Seen)));
        if (_isWriterDone)
        {
            ThrowDone();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RequireData(nuint byteCount)
    {
        _ = Live();
        _reader.Look(ref _writer);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteCount, (nuint)(_reader.Seen - _reader.Position));
    }

    private nuint Live()
    {
        nuint address = _address;
        if (address == 0)
        {
            ThrowDisposed();
        }

        return address;
    }

    private void RequireMinimum(nuint minimumByteCount)
    {
        if (minimumByteCount - 1 >= MaxSpanByteCount)
        {
            ThrowMinimum(minimumByteCount);
        }
    }

    [DoesNotReturn]
    private void ThrowMinimum(nuint minimumByteCount) => throw new ArgumentOutOfRangeException(
        nameof(minimumByteCount), minimumByteCount, $"A span has 1 to {MaxSpanByteCount} bytes.");

    [DoesNotReturn]
    private void ThrowDisposed() => throw new ObjectDisposedException(Name);
}
