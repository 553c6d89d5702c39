using System.Numerics;
using NativeVm.Diagnostics;
using NativeVm.Reservations;

namespace NativeVm.Memory;

/// <summary>
/// The part of a <see cref="VmMemoryPool{T}"/> that does not depend on its type: the allocator, and
/// the count of what is out, by which the last return after the pool's disposal ends it.
/// </summary>
/// <remarks>
/// Rents enter a cell before they look whether the pool is disposed of, and the disposal is noted before the cells are
/// summed, so that one of the two sees the other.
/// </remarks>
internal sealed class PoolPages : IUsageSource, IDisposable
{
    private readonly RentCells _cells = new();
    private readonly PageAllocator _allocator;
    private readonly bool _ownsAllocator;
    private readonly SubmapLease _space;
    private readonly PageAllocationFlags _flags;
    private readonly nuint _pageMask;
    private readonly int _pageShift;
    private readonly InstanceTicket _ticket;
    private int _isDisposed;
    private int _hasEnded;

    public PoolPages(VmMemoryPoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Pages is not null
            && (options.Map is not null
                || options.Platform is not null
                || options.MetadataPlatform is not null
                || options.MemoryLimit != 0))
        {
            throw new ArgumentException("A pool has an allocator given, or the makings of one of its own, not both.", nameof(options));
        }

        Name = options.Name;
        AddsPressure = options.AddsMemoryPressure;
        _flags = options.IsZeroed ? PageAllocationFlags.None : PageAllocationFlags.Uninitialized;
        _ownsAllocator = options.Pages is null;
        _allocator = options.Pages ?? new PageAllocator(new PageAllocatorOptions
        {
            Map = options.Map,
            Platform = options.Platform,
            MetadataPlatform = options.MetadataPlatform,
            Name = options.Name,
            MemoryLimit = options.MemoryLimit,
        });
        _space = new SubmapLease(_allocator.Map.Handle);
        _pageMask = _allocator.Map.PageSize - 1;
        _pageShift = BitOperations.PopCount(_pageMask);
        Self = new WeakReference<PoolPages>(this);
        _ticket = LiveInstances.Add(this);
    }

    public string Name { get; }

    public string Kind => "pool";

    public bool AddsPressure { get; }

    public nuint PageSize => _pageMask + 1;

    /// <summary>Belongs to this object; see <see cref="VmMap.Self"/>.</summary>
    public WeakReference<PoolPages> Self { get; }

    public bool IsDisposed => Volatile.Read(ref _isDisposed) != 0;

    /// <summary>Rents a run; null when the allocator has none.</summary>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public PoolLease? TryRent(nuint byteCount)
    {
        nuint pageCount = (byteCount + _pageMask) >> _pageShift;
        byteCount = pageCount << _pageShift;
        _cells.Enter(pageCount);
        if (IsDisposed)
        {
            Leave(pageCount);
            throw new ObjectDisposedException(nameof(VmMemoryPool<>));
        }

        nuint address;
        try
        {
            if (!_allocator.TryAllocate(byteCount, 1, _flags, out address))
            {
                Leave(pageCount);
                return null;
            }
        }
        catch
        {
            Leave(pageCount);
            throw;
        }

        if (AllocationTracking.IsOn)
        {
            AllocationTracking.Allocated(this, _ticket, address, byteCount);
        }

        return PoolLease.Begin(this, address, byteCount);
    }

    /// <summary>Takes a run back.</summary>
    public void Return(nuint address, nuint byteCount)
    {
        Free(address);
        Leave(byteCount >> _pageShift);
    }

    public VmMemoryPoolStatistics GetStatistics()
    {
        (nuint count, nuint pageCount) = _cells.Sum();
        return new VmMemoryPoolStatistics
        {
            RentedCount = count,
            RentedByteCount = pageCount << _pageShift,
            CommittedByteCount = _allocator.GetStatistics().CommittedByteCount,
        };
    }

    public VmUsage GetUsage(UsageFigures figures)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        (nuint count, nuint pageCount) = _cells.Sum();
        return new VmUsage
        {
            AllocatedByteCount = pageCount << _pageShift,
            EntryCount = count,
        };
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            LiveInstances.Remove(_ticket);
            EndIfLast();
        }
    }

    private void Free(nuint address)
    {
        if (AllocationTracking.IsOn)
        {
            AllocationTracking.Freed(_ticket, address);
        }

        try
        {
            _allocator.Free(address);
        }
        catch (ObjectDisposedException)
        {
            // An allocator given, disposed of too early, has taken the run back already.
        }
    }

    private void Leave(nuint pageCount)
    {
        _cells.Exit(pageCount);
        if (IsDisposed)
        {
            EndIfLast();
        }
    }

    private void EndIfLast()
    {
        if (_cells.Sum().Count == 0 && Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            if (_ownsAllocator)
            {
                _allocator.Dispose();
            }

            _space.Dispose();
        }
    }
}
