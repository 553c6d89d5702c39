using System.Diagnostics;
using NativeVm.Platform;

namespace NativeVm;

/// <summary>Runs of pages from a map, for any number of threads.</summary>
[DebuggerDisplay("{Name,nq}")]
public sealed class PageAllocator : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<nuint, nuint> _runs = [];
    private readonly VmMap _map;
    private readonly bool _ownsMap;
    private readonly nuint _limit;
    private nuint _allocated;
    private ulong _tag;
    private bool _isDisposed;

    /// <summary>Makes an allocator.</summary>
    /// <param name="options">Where the pages come from, and how much is kept.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public PageAllocator(PageAllocatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Name = options.Name;
        _ownsMap = options.Map is null;
        _limit = options.MemoryLimit == 0 ? nuint.MaxValue : options.MemoryLimit;
        _map = options.Map ?? new VmMap(new VmMapOptions
        {
            ByteCount = 64 << 20,
            IsGrowable = true,
            Platform = options.Platform ?? VmPlatform.Current,
        });
    }

    /// <summary>What diagnostics call the allocator.</summary>
    public string Name { get; }

    /// <summary>The map that runs come from.</summary>
    public VmMap Map => _map;

    /// <summary>Takes a run of pages.</summary>
    /// <param name="byteCount">Bytes, rounded up to whole pages; not 0.</param>
    /// <param name="alignment">What the address is a multiple of, any number of bytes from 1 up.</param>
    /// <param name="flags">Whether the run has to read as zeros.</param>
    /// <param name="address">Its first byte; 0 when there is none.</param>
    /// <returns>Whether there is such a run: the limit, the map and the system allow it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length or the alignment is 0, or a flag is unknown.</exception>
    /// <exception cref="ObjectDisposedException">The allocator has been disposed of.</exception>
    public bool TryAllocate(nuint byteCount, nuint alignment, PageAllocationFlags flags, out nuint address)
    {
        ArgumentOutOfRangeException.ThrowIfZero(byteCount);
        ArgumentOutOfRangeException.ThrowIfZero(alignment);
        if ((flags & ~PageAllocationFlags.Uninitialized) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(flags), flags, "Not a flag.");
        }

        address = 0;
        nuint mask = _map.PageSize - 1;
        if (byteCount > nuint.MaxValue - mask)
        {
            return false;
        }

        byteCount = (byteCount + mask) & ~mask;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            VmEntryAttributes attributes = VmEntryAttributes.ReadWrite with { Tag = ++_tag };
            if (byteCount > _limit - _allocated || !_map.Find(_map.MinAddress, byteCount, alignment, attributes, out address).IsSuccess)
            {
                return false;
            }

            _runs.Add(address, byteCount);
            _allocated += byteCount;
            return true;
        }
    }

    /// <summary>Takes a run of pages, or throws.</summary>
    /// <param name="byteCount">Bytes, rounded up to whole pages; not 0.</param>
    /// <param name="alignment">What the address is a multiple of, any number of bytes from 1 up.</param>
    /// <param name="flags">Whether the run has to read as zeros.</param>
    /// <returns>Its first byte.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length or the alignment is 0, or a flag is unknown.</exception>
    /// <exception cref="InsufficientMemoryException">There is no such run.</exception>
    /// <exception cref="ObjectDisposedException">The allocator has been disposed of.</exception>
    public nuint Allocate(nuint byteCount, nuint alignment = 1, PageAllocationFlags flags = PageAllocationFlags.None) =>
        TryAllocate(byteCount, alignment, flags, out nuint address)
            ? address
            : throw new InsufficientMemoryException($"The page allocator '{Name}' has no run of {byteCount} bytes.");

    /// <summary>Gives a run back.</summary>
    /// <param name="address">Its first byte.</param>
    /// <exception cref="ArgumentException">No run in use starts there: it has been freed, or was never one.</exception>
    /// <exception cref="ObjectDisposedException">The allocator has been disposed of.</exception>
    public void Free(nuint address)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_runs.Remove(address, out nuint byteCount))
            {
                throw new ArgumentException($"No run in use starts at 0x{address:x}.", nameof(address));
            }

            _map.Remove(address, byteCount).ThrowIfFailed();
            _allocated -= byteCount;
        }
    }

    /// <summary>Gives a run back whose length the caller knows.</summary>
    /// <param name="address">Its first byte.</param>
    /// <param name="byteCount">Its length in bytes, rounded up to whole pages.</param>
    /// <exception cref="ArgumentException">No run in use of this length starts there.</exception>
    /// <exception cref="ObjectDisposedException">The allocator has been disposed of.</exception>
    public void Free(nuint address, nuint byteCount)
    {
        lock (_gate)
        {
            nuint mask = _map.PageSize - 1;
            if (!_runs.TryGetValue(address, out nuint actual) || actual != ((byteCount + mask) & ~mask))
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                throw new ArgumentException($"No run in use of {byteCount} bytes starts at 0x{address:x}.", nameof(address));
            }

            Free(address);
        }
    }

    /// <summary>Makes a run longer or shorter where it is.</summary>
    /// <param name="address">Its first byte.</param>
    /// <param name="oldByteCount">Its length in bytes, rounded up to whole pages.</param>
    /// <param name="newByteCount">The length that it is to have, rounded up to whole pages; not 0.</param>
    /// <param name="flags">Whether the pages that are added have to read as zeros.</param>
    /// <returns>Whether it has that length now; if not, nothing has changed.</returns>
    /// <exception cref="ArgumentException">No run in use of the old length starts there, or the new one is 0.</exception>
    /// <exception cref="ObjectDisposedException">The allocator has been disposed of.</exception>
    public bool TryResizeInPlace(
        nuint address, nuint oldByteCount, nuint newByteCount, PageAllocationFlags flags = PageAllocationFlags.None)
    {
        _ = flags;
        ArgumentOutOfRangeException.ThrowIfZero(newByteCount);
        nuint mask = _map.PageSize - 1;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_runs.TryGetValue(address, out nuint actual) || actual != ((oldByteCount + mask) & ~mask))
            {
                throw new ArgumentException($"No run in use of {oldByteCount} bytes starts at 0x{address:x}.", nameof(address));
            }

            return newByteCount <= actual && newByteCount > actual - _map.PageSize;
        }
    }

    /// <summary>Gives back to the system all free memory.</summary>
    /// <returns>How many bytes.</returns>
    /// <exception cref="ObjectDisposedException">The allocator has been disposed of.</exception>
    public nuint Trim() => Trim(0);

    /// <summary>Gives free memory back to the system until no more than so much is retained.</summary>
    /// <param name="keepByteCount">Bytes that may be kept.</param>
    /// <returns>How many bytes were given back.</returns>
    /// <exception cref="ObjectDisposedException">The allocator has been disposed of.</exception>
    public nuint Trim(nuint keepByteCount)
    {
        _ = keepByteCount;
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return 0;
    }

    /// <summary>The figures of the allocator now.</summary>
    /// <exception cref="ObjectDisposedException">The allocator has been disposed of.</exception>
    public PageAllocatorStatistics GetStatistics()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return new PageAllocatorStatistics
            {
                ReservedByteCount = _allocated,
                CommittedByteCount = _allocated,
                AllocatedByteCount = _allocated,
            };
        }
    }

    /// <summary>Gives all runs back, in use or not, and the map with them if it is the allocator's own.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            if (_ownsMap)
            {
                _map.Dispose();
                return;
            }

            foreach ((nuint address, nuint byteCount) in _runs)
            {
                _map.Remove(address, byteCount).ThrowIfFailed();
            }
        }
    }
}
