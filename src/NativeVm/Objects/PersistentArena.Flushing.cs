using NativeVm.Objects;
using NativeVm.Platform;

namespace NativeVm;

public sealed unsafe partial class PersistentArena
{
    /// <summary>Puts all that has been written on the device, and what has been allocated and the root with it.</summary>
    /// <param name="failure">What went wrong, if anything did.</param>
    /// <returns>
    /// Whether it is there. If it is not, the last successful flush is what survives a crash, and this one can be repeated.
    /// </returns>
    /// <remarks>
    /// Costs two waits for the device, and the system calls for all that is used, however little of it was changed.
    /// Nothing may write to the arena's memory meanwhile that is to be whole after a crash. Allocates on the managed heap
    /// when it fails only.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The arena was opened for reading.</exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public bool TryFlush(out PersistentArenaFailure failure)
    {
        RequireWritable();
        failure = CheckLength();
        if (failure.Error != PersistentArenaError.None)
        {
            return false;
        }

        nuint mask = _platform.PageSize - 1;
        SystemReply reply = _row.Synchronize((_used + mask) & ~mask);
        reply = reply.IsSuccess ? _platform.SynchronizeObject(_file) : reply;
        if (reply.IsSuccess)
        {
            // The header is only taken for the one that counts when it is known to be on the device. Until then a
            // repetition writes it again, and the other one stays whole.
            ArenaHeader header = NextHeader();
            *(ArenaHeader*)(_row.Address + (nuint)ArenaHeader.OffsetOf(header.Sequence)) = header;
            reply = _row.Synchronize(ArenaHeader.AreaByteCount);
            reply = reply.IsSuccess ? _platform.SynchronizeObject(_file) : reply;
            _header = reply.IsSuccess ? header : _header;
        }

        failure = reply.IsSuccess ? default : Failure(PersistentArenaError.Refused, reply);
        return reply.IsSuccess;
    }

    /// <summary>As <see cref="TryFlush"/>, or throws.</summary>
    /// <exception cref="PersistentArenaException">It is not on the device; the exception says why.</exception>
    /// <exception cref="InvalidOperationException">The arena was opened for reading.</exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public void Flush()
    {
        if (!TryFlush(out PersistentArenaFailure failure))
        {
            throw new PersistentArenaException(failure);
        }
    }

    /// <summary>Whether the file still has all the bytes that are mapped: what may be touched without harm now.</summary>
    /// <returns>
    /// No failure; <see cref="PersistentArenaError.Truncated"/> when somebody has cut the file off, after which the arena
    /// can only be disposed of, and what lies beyond the file's end must not be touched.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public PersistentArenaFailure CheckLength()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        SystemReply reply = _platform.GetObjectByteCount(_file, out ulong length);
        if (reply.IsRefused)
        {
            return Failure(PersistentArenaError.Refused, reply);
        }

        nuint mask = _platform.PageSize - 1;
        return length + mask >= _row.MappedByteCount
            ? default
            : Failure(PersistentArenaError.Truncated, default, _row.MappedByteCount, length);
    }

    private ArenaHeader NextHeader()
    {
        ArenaHeader header = _header;
        header.UsedByteCount = _used;
        header.Root = _root;
        header.Sequence++;
        header.Seal();
        return header;
    }
}
