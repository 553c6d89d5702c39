using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using NativeVm.Diagnostics;
using NativeVm.Objects;
using NativeVm.Platform;

namespace NativeVm;

/// <summary>
/// Memory that is a file, mapped at the same address whenever it is opened, so that pointers in it stay valid: bump
/// allocation, a root to find everything from, and a flush after which it survives.
/// </summary>
/// <remarks>
/// <para>
/// <b>The file.</b> 64 KiB with two headers, then the data. A header has a magic number, the version, the base address, the
/// length of the address range, how much is used, the root, a sequence and a checksum. A new arena chooses a base far
/// from where systems put their own mappings, at random, and keeps it for ever. It takes its whole range of addresses at
/// once and maps the file into it from the start; as it fills, the file is made longer ahead of use, by as much as
/// it has but by 64 MiB at most, and the new part is mapped behind the old. Nothing ever moves.
/// </para>
/// <para>
/// <b>Opening.</b> If any page of the range belongs to something else, the arena is not opened: its pointers would lie. The
/// file is examined before it is mapped or changed in any way; what is wrong with it comes as a
/// <see cref="PersistentArenaFailure"/>.
/// </para>
/// <para>
/// <b>What survives.</b> <see cref="TryFlush"/> writes the data and waits for the device; then it writes the header that
/// does not count, with a higher sequence, and waits again. So at every moment one header is whole, and what it
/// describes is on the device. After a crash of the process or of the machine: all that was allocated at the last
/// successful flush is there, with the root of then, and every byte of it that has not been changed since is what
/// it was. Bytes that were changed since the flush are what they were or what they became, piece by piece, as the
/// system happened to write them (all as they became, if only the process crashed). What was allocated since is gone, and
/// its room reads as zeros when it is allocated again. An arena is no transaction log: whoever needs more changes
/// nothing in place, but allocates anew, flushes, and moves the root. The promise is only as good as the device's
/// answer to a flush (<c>fsync(2)</c>).
/// </para>
/// <para>
/// <b>What kills.</b> The memory is the file. If somebody makes the file shorter while it is mapped (Windows forbids it),
/// a touch of what is gone ends the process (SIGBUS); <see cref="TryFlush"/> and each growth look at the length first, and
/// <see cref="CheckLength"/> does nothing else. A device that runs full kills likewise, unless
/// <see cref="PersistentArenaOptions.TakesSpaceAhead"/> is set. A write to an arena that was opened for reading faults.
/// </para>
/// <para>
/// One process may have an arena open for writing, and then no other may have it open; nothing enforces it. Not
/// thread-safe, but for the memory itself.
/// </para>
/// </remarks>
[DebuggerDisplay("{Name,nq}: {UsedByteCount} of {ByteCount} bytes at {BaseAddress,h}")]
public sealed unsafe partial class PersistentArena : IDisposable
{
    private const nuint LeastGrowth = 1 << 20;
    private const nuint MostGrowth = 64 << 20;

    private readonly ViewRow _row;
    private readonly MemoryObjectHandle _file;
    private readonly VmPlatform _platform;
    private readonly string _path;
    private readonly bool _takesSpaceAhead;

    // What counts in the file. The mapped headers are only ever written.
    private ArenaHeader _header;
    private nuint _used;
    private nuint _root;

    // At most what is mapped: less when space on the device was refused for the rest.
    private nuint _usable;
    private bool _isDisposed;

    private PersistentArena(PersistentArenaOptions options, ViewRow row, MemoryObjectHandle file, in ArenaHeader header)
    {
        _row = row;
        _file = file;
        _platform = row.Platform;
        _path = options.Path;
        _takesSpaceAhead = options.TakesSpaceAhead;
        _header = header;
        _used = (nuint)header.UsedByteCount;
        _root = (nuint)header.Root;
        _usable = row.MappedByteCount;
        Name = options.Name ?? options.Path;
        Access = options.Access;
        _ticket = LiveInstances.Add(this);
    }

    /// <summary>The name that was given, or the path.</summary>
    public string Name { get; }

    /// <summary>Whether the arena can be written.</summary>
    public MemoryObjectAccess Access { get; }

    /// <summary>Where the arena begins, in every process, for ever; its headers are there, and the data behind them.</summary>
    public nuint BaseAddress => _row.Address;

    /// <summary>Bytes of address space from <see cref="BaseAddress"/> on, which the arena can never outgrow.</summary>
    public nuint ByteCount => _row.ByteCount;

    /// <summary>Bytes from <see cref="BaseAddress"/> on that are headers or allocated.</summary>
    public nuint UsedByteCount => _used;

    /// <summary>
    /// The address of the user's data in it that everything else is found from; 0 when none was set. What was set is in
    /// the file after the next flush.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The address is not 0 and not of memory allocated here.</exception>
    /// <exception cref="InvalidOperationException">It is set, and the arena was opened for reading.</exception>
    /// <exception cref="ObjectDisposedException">It is set, and the arena has been disposed of.</exception>
    public nuint Root
    {
        get => _root;
        set
        {
            RequireWritable();
            if (value != 0 && !Contains(value))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "The root is an address in the arena, or 0.");
            }

            _root = value;
        }
    }

    /// <summary>Whether an address is one of memory that has been allocated here.</summary>
    /// <param name="address">Any address.</param>
    public bool Contains(nuint address) =>
        address >= _row.Address + ArenaHeader.AreaByteCount && address - _row.Address < _used;

    /// <summary>Allocates memory that is never given back but with the file, zeroed.</summary>
    /// <param name="byteCount">Bytes, not 0.</param>
    /// <param name="alignment">A power of two up to 64 KiB, in bytes.</param>
    /// <param name="address">Where it is; 0 when there is none.</param>
    /// <returns>
    /// Whether there is room. There is none when the range is used up, when the system refuses to make the file longer,
    /// or when the file has been cut off; <see cref="Allocate"/> says which.
    /// </returns>
    /// <remarks>Allocates nothing on the managed heap unless the file grows.</remarks>
    /// <exception cref="ArgumentException">The length is 0, or the alignment is none that is possible.</exception>
    /// <exception cref="InvalidOperationException">The arena was opened for reading.</exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public bool TryAllocate(nuint byteCount, nuint alignment, out nuint address) =>
        AllocateCore(byteCount, alignment, out address).Error == PersistentArenaError.None;

    /// <summary>As <see cref="TryAllocate"/>, or throws.</summary>
    /// <param name="byteCount">Bytes, not 0.</param>
    /// <param name="alignment">A power of two up to 64 KiB, in bytes.</param>
    /// <returns>Where it is.</returns>
    /// <exception cref="PersistentArenaException">There is no room; the exception says why.</exception>
    /// <exception cref="ArgumentException">As <see cref="TryAllocate"/>.</exception>
    /// <exception cref="InvalidOperationException">The arena was opened for reading.</exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public nuint Allocate(nuint byteCount, nuint alignment = 16)
    {
        PersistentArenaFailure failure = AllocateCore(byteCount, alignment, out nuint address);
        return failure.Error == PersistentArenaError.None ? address : throw new PersistentArenaException(failure);
    }

    /// <summary>How much there is.</summary>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public PersistentArenaStatistics GetStatistics()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        const nuint Area = ArenaHeader.AreaByteCount;
        return new(_row.ByteCount, _row.MappedByteCount, _used - Area, (nuint)_header.UsedByteCount - Area);
    }

    /// <summary>
    /// Flushes what was written, closes the file and gives the addresses back. A second call does nothing.
    /// </summary>
    /// <remarks>It cannot tell whether the flush succeeded; <see cref="TryFlush"/> before it can.</remarks>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        if (Access == MemoryObjectAccess.ReadWrite)
        {
            _ = TryFlush(out _);
        }

        _isDisposed = true;
        LiveInstances.Remove(_ticket);
        _row.Dispose();
        _file.Dispose();
    }

    private PersistentArenaFailure AllocateCore(nuint byteCount, nuint alignment, out nuint address)
    {
        if (_isDisposed || Access == MemoryObjectAccess.Read)
        {
            RequireWritable();
        }

        ArgumentOutOfRangeException.ThrowIfZero(byteCount);
        if (!nuint.IsPow2(alignment) || alignment > ArenaHeader.AreaByteCount)
        {
            ThrowAlignment();
        }

        address = 0;
        nuint start = (_used + (alignment - 1)) & ~(alignment - 1);
        if (start > _row.ByteCount || byteCount > _row.ByteCount - start)
        {
            return Failure(PersistentArenaError.Full, default, _row.ByteCount);
        }

        nuint end = start + byteCount;
        if (end > _usable)
        {
            PersistentArenaFailure failure = Grow(end);
            if (failure.Error != PersistentArenaError.None)
            {
                return failure;
            }
        }

        _used = end;
        address = _row.Address + start;
        return default;
    }

    private PersistentArenaFailure Grow(nuint needed)
    {
        PersistentArenaFailure failure = CheckLength();
        if (failure.Error != PersistentArenaError.None)
        {
            return failure;
        }

        nuint mapped = _row.MappedByteCount;
        nuint mask = _platform.AllocationGranularity - 1;
        if (needed > mapped)
        {
            nuint least = needed > _row.ByteCount - mask ? _row.ByteCount : (needed + mask) & ~mask;
            nuint step = Math.Clamp(mapped, LeastGrowth, MostGrowth);
            nuint generous = Math.Max(least, mapped + Math.Min(step, _row.ByteCount - mapped));
            VmResult result = Extend(generous);
            result = result.IsSuccess || generous == least ? result : Extend(least);
            if (!result.IsSuccess)
            {
                return Failure(PersistentArenaError.Refused, result.Refusal);
            }
        }

        mapped = _row.MappedByteCount;
        if (_takesSpaceAhead)
        {
            nuint from = _usable & ~(_platform.PageSize - 1);
            SystemReply reply = _platform.Prefault(_row.Address + from, mapped - from);
            if (reply.IsRefused)
            {
                // There may be space yet for what is needed, if not for all that was taken ahead.
                mapped = Math.Min(mapped, (needed + _platform.PageSize - 1) & ~(_platform.PageSize - 1));
                reply = _platform.Prefault(_row.Address + from, mapped - from);
            }

            if (reply.IsRefused)
            {
                return Failure(PersistentArenaError.Refused, reply);
            }
        }

        _usable = mapped;
        return default;
    }

    private VmResult Extend(nuint byteCount)
    {
        SystemReply reply = _platform.ExtendFile(_file, byteCount);
        nuint mapped = _row.MappedByteCount;
        return reply.IsRefused
            ? VmResult.Refused(reply)
            : _row.Append(byteCount - mapped, _file, mapped, PageProtection.ReadWrite, MappingSharing.Shared);
    }

    private PersistentArenaFailure Failure(PersistentArenaError error, SystemReply refusal = default, ulong expected = 0, ulong found = 0) =>
        new(error, _path, refusal, expected, found);

    private void RequireWritable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (Access == MemoryObjectAccess.Read)
        {
            throw new InvalidOperationException($"The arena in {_path} was opened for reading.");
        }
    }

    [DoesNotReturn]
    private static void ThrowAlignment() => throw new ArgumentException(
        $"The alignment is a power of two up to {ArenaHeader.AreaByteCount}.", "alignment");
}
