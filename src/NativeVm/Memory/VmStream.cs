using System.Diagnostics;
using NativeVm.Arenas;
using NativeVm.Memory;
using NativeVm.Platform;

namespace NativeVm;

/// <summary>
/// A stream over native pages, of any length: a view of a range, or memory of its own that grows by committing, never
/// moves and never copies what it holds.
/// </summary>
/// <remarks>
/// Reading, writing and seeking are copies and arithmetic, so the asynchronous forms complete at once. What lies between
/// the end and a later write reads as zeros. A view cannot grow beyond its range. The stream holds what is under it:
/// memory that is disposed of meanwhile stays until the stream is closed. Like all streams, it is for one thread at a time.
/// </remarks>
[DebuggerDisplay("{_position} of {_length}")]
public sealed unsafe class VmStream : Stream
{
    private const int CopyPiece = 16 << 20;

    private readonly FileAccess _access;
    private IStreamStorage? _storage;
    private byte* _start;
    private nuint _position;
    private nuint _length;

    /// <summary>Makes an empty stream that grows.</summary>
    /// <param name="options">How far, and where.</param>
    /// <exception cref="VmMapException">The map given has no such space.</exception>
    /// <exception cref="SystemRefusedException">The system refused the reservation.</exception>
    public VmStream(VmStreamOptions options)
        : this(MakeStorage(options), 0, FileAccess.ReadWrite)
    {
    }

    internal VmStream(IStreamStorage storage, nuint length, FileAccess access)
    {
        _storage = storage;
        _start = (byte*)storage.Address;
        _length = length;
        _access = access;
    }

    /// <inheritdoc/>
    public override bool CanRead => _storage is not null && (_access & FileAccess.Read) != 0;

    /// <inheritdoc/>
    public override bool CanSeek => _storage is not null;

    /// <inheritdoc/>
    public override bool CanWrite => _storage is not null && (_access & FileAccess.Write) != 0;

    /// <inheritdoc/>
    public override long Length
    {
        get
        {
            ThrowIfClosed();
            return (long)_length;
        }
    }

    /// <summary>Bytes that the stream can hold at most.</summary>
    public nuint Capacity => Storage.Capacity;

    /// <summary>The address of the first byte, which never changes; 0 when the stream is closed.</summary>
    public nuint Address => (nuint)_start;

    /// <inheritdoc/>
    public override long Position
    {
        get
        {
            ThrowIfClosed();
            return (long)_position;
        }

        set
        {
            ThrowIfClosed();
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = (nuint)value;
        }
    }

    private IStreamStorage Storage => _storage ?? throw new ObjectDisposedException(nameof(VmStream));

    private nuint Remaining => _position < _length ? _length - _position : 0;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        RequireRead();
        int count = (int)Math.Min((nuint)buffer.Length, Remaining);
        new ReadOnlySpan<byte>(_start + _position, count).CopyTo(buffer);
        _position += (nuint)count;
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override int ReadByte()
    {
        RequireRead();
        return Remaining == 0 ? -1 : _start[_position++];
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The stream cannot hold so much; nothing has been written.</exception>
    /// <exception cref="SystemRefusedException">The system refused the memory; nothing has been written.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        RequireWrite();
        if (buffer.IsEmpty)
        {
            return;
        }

        nuint end = checked(_position + (nuint)buffer.Length);
        if (end > _length)
        {
            Extend(end, _position);
        }

        buffer.CopyTo(new Span<byte>(_start + _position, buffer.Length));
        _position = end;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override void WriteByte(byte value) => Write(new ReadOnlySpan<byte>(in value));

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<int>(cancellationToken)
            : ValueTask.FromResult(Read(buffer.Span));

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Writes the rest of the stream to another, from where it lies, without a buffer.</summary>
    /// <param name="destination">The other stream.</param>
    /// <param name="bufferSize">Not used.</param>
    public override void CopyTo(Stream destination, int bufferSize)
    {
        ValidateCopyToArguments(destination, bufferSize);
        RequireRead();
        while (Remaining != 0)
        {
            int count = (int)Math.Min(Remaining, CopyPiece);
            destination.Write(new ReadOnlySpan<byte>(_start + _position, count));
            _position += (nuint)count;
        }
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        ThrowIfClosed();
        long from = origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => (long)_position,
            SeekOrigin.End => (long)_length,
            _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, "Not an origin."),
        };
        long position = checked(from + offset);
        if (position < 0)
        {
            throw new IOException("Before the beginning of the stream there is nothing to seek to.");
        }

        _position = (nuint)position;
        return position;
    }

    /// <summary>Makes the stream longer, with zeros, or shorter.</summary>
    /// <param name="value">The length in bytes, at most <see cref="Capacity"/>.</param>
    /// <exception cref="NotSupportedException">The stream cannot hold so much, or cannot be written.</exception>
    public override void SetLength(long value)
    {
        RequireWrite();
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        if ((nuint)value > _length)
        {
            Extend((nuint)value, (nuint)value);
        }

        _length = (nuint)value;
        _position = Math.Min(_position, _length);
    }

    /// <summary>Does nothing: all that is written is there.</summary>
    public override void Flush() => ThrowIfClosed();

    /// <summary>Does nothing: all that is written is there.</summary>
    /// <param name="cancellationToken">Whether to do it at all.</param>
    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        return cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;
    }

    internal static PageProtection ProtectionFor(FileAccess access) => access switch
    {
        FileAccess.Read => PageProtection.Read,
        FileAccess.Write or FileAccess.ReadWrite => PageProtection.ReadWrite,
        _ => throw new ArgumentOutOfRangeException(nameof(access), access, "Read, write or both."),
    };

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            IStreamStorage? storage = Interlocked.Exchange(ref _storage, null);
            _start = null;
            storage?.Release();
        }

        base.Dispose(disposing);
    }

    private static RangeStorage MakeStorage(VmStreamOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(options.MaxByteCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxByteCount, nuint.MaxValue / 2);
        RangeBacking backing = new(options.Map, options.Platform, options.MetadataPlatform);
        return new RangeStorage(new GrowingRange(backing, options.MaxByteCount, options.Name));
    }

    /// <summary>Makes the stream longer; what lies between its end and <paramref name="writeStart"/> becomes zeros.</summary>
    private void Extend(nuint end, nuint writeStart)
    {
        IStreamStorage storage = Storage;
        nuint dirtyEnd = Math.Min(storage.DirtyByteCount, writeStart);
        storage.Ensure(end);
        for (nuint from = _length; from < dirtyEnd;)
        {
            int count = (int)Math.Min(dirtyEnd - from, int.MaxValue);
            new Span<byte>(_start + from, count).Clear();
            from += (nuint)count;
        }

        _length = end;
    }

    private void RequireRead()
    {
        ThrowIfClosed();
        if ((_access & FileAccess.Read) == 0)
        {
            throw new NotSupportedException("The stream cannot be read.");
        }
    }

    private void RequireWrite()
    {
        ThrowIfClosed();
        if ((_access & FileAccess.Write) == 0)
        {
            throw new NotSupportedException("The stream cannot be written.");
        }
    }

    private void ThrowIfClosed() => ObjectDisposedException.ThrowIf(_storage is null, this);
}
