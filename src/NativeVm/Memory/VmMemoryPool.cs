using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using NativeVm.Memory;

namespace NativeVm;

/// <summary>A <see cref="MemoryPool{T}"/> over native pages: runs of a <see cref="PageAllocator"/>.</summary>
/// <typeparam name="T">An unmanaged type.</typeparam>
/// <remarks>
/// <para>
/// What is rented begins at a page, is never moved or scanned by the collector, and may be of any length that
/// <see cref="Memory{T}"/> can say. Lengths are rounded up to whole pages, so for buffers much smaller than a page an
/// array pool is the better choice. A rent makes one small managed object, as the shared pool does; the memory itself is
/// retained by the page allocator, whose marks and age say how much and how long.
/// </para>
/// <para>
/// <b>Freeing early, and not at all.</b> The rules of <see cref="VmMemoryManager{T}"/> hold for what is rented. The pool
/// may be disposed of while something is out: it rents nothing any more, what is out stays usable, and the pages of an
/// allocator of the pool's own go with the last return.
/// </para>
/// <para>Safe for any number of threads; what is rented on one may be returned on another.</para>
/// </remarks>
[DebuggerDisplay("{Name,nq}: {GetStatistics()}")]
public sealed class VmMemoryPool<T> : MemoryPool<T>
    where T : unmanaged
{
    private readonly PoolPages _pages;

    /// <summary>Makes a pool.</summary>
    /// <param name="options">Where the pages come from.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public VmMemoryPool(VmMemoryPoolOptions options) => _pages = new PoolPages(options);

    /// <summary>What diagnostics call the pool.</summary>
    public string Name => _pages.Name;

    /// <summary>Elements of the longest memory that can be asked for.</summary>
    public override int MaxBufferSize => int.MaxValue;

    /// <summary>Rents memory.</summary>
    /// <param name="minBufferSize">Elements that are needed at least; -1, the default, stands for a page of them.</param>
    /// <returns>The owner of at least so many; as many as fit in whole pages. Disposing of it returns the memory.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    /// <exception cref="InsufficientMemoryException">The limit, the map or the system does not allow it.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public override IMemoryOwner<T> Rent(int minBufferSize = -1) => TryRent(minBufferSize, out VmMemoryManager<T>? owner)
        ? owner
        : throw new InsufficientMemoryException(
            $"The pool '{Name}' has no {minBufferSize} elements of {Unsafe.SizeOf<T>()} bytes: its limit is reached, or the system refuses.");

    /// <summary>Rents memory, or says that there is none.</summary>
    /// <param name="minBufferSize">Elements that are needed at least; -1 stands for a page of them.</param>
    /// <param name="owner">The owner of at least so many; null when there are none.</param>
    /// <returns>Whether there is an owner.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public bool TryRent(int minBufferSize, [NotNullWhen(true)] out VmMemoryManager<T>? owner)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minBufferSize, -1);
        nuint byteCount = checked((nuint)(uint)Math.Max(1, minBufferSize) * (nuint)Unsafe.SizeOf<T>());
        owner = _pages.TryRent(byteCount) is { } lease
            ? new VmMemoryManager<T>(lease, (int)Math.Min(lease.ByteCount / (nuint)Unsafe.SizeOf<T>(), int.MaxValue), _pages.AddsPressure)
            : null;
        return owner is not null;
    }

    /// <summary>The figures of the pool now.</summary>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public VmMemoryPoolStatistics GetStatistics()
    {
        ObjectDisposedException.ThrowIf(_pages.IsDisposed, this);
        return _pages.GetStatistics();
    }

    /// <summary>Rents nothing any more. What is out stays usable. A second call does nothing.</summary>
    /// <param name="disposing">Whether the user calls.</param>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _pages.Dispose();
        }
    }
}
