using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace NativeVm;

/// <summary>A <see cref="BlockPool"/> whose blocks are values of one type.</summary>
/// <typeparam name="T">What a block holds.</typeparam>
/// <remarks>Not thread-safe, as <see cref="BlockPool"/>. No operation allocates on the managed heap, but for refusals.</remarks>
[DebuggerDisplay("{Blocks}")]
public sealed unsafe class BlockPool<T> : IDisposable
    where T : unmanaged
{
    /// <summary>Makes a pool and reserves its addresses; no memory is committed yet.</summary>
    /// <param name="options">How many values there may be, and from where; the size of a block is that of the type.</param>
    /// <exception cref="ArgumentNullException">There are no options.</exception>
    /// <exception cref="ArgumentException">As for a <see cref="BlockPool"/>.</exception>
    /// <exception cref="VmMapException">The map that was given has no room.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused the reservation.</exception>
    public BlockPool(BlockPoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Blocks = new BlockPool(options with { BlockByteCount = (nuint)sizeof(T) });
    }

    /// <summary>The pool of the blocks: for addresses, statistics, trimming.</summary>
    public BlockPool Blocks { get; }

    /// <summary>The name for diagnostics.</summary>
    public string Name => Blocks.Name;

    /// <summary>Values that are live.</summary>
    public nuint LiveCount => Blocks.LiveCount;

    /// <summary>A live value.</summary>
    /// <param name="handle">The handle that it was handed out with.</param>
    /// <exception cref="ArgumentException">It is stale: the value has been freed, or it is none of this pool.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public ref T this[BlockHandle handle]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref *(T*)Blocks.GetAddress(handle);
    }

    /// <summary>Hands out a value.</summary>
    /// <param name="handle">The life that begins.</param>
    /// <returns>The value, all bits zero unless the options say otherwise.</returns>
    /// <exception cref="InsufficientMemoryException">The capacity or the limit on memory is used up.</exception>
    /// <exception cref="VmMapException">There is no memory for the records.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused to commit more.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public ref T Allocate(out BlockHandle handle) => ref *(T*)Blocks.Allocate(out handle);

    /// <summary>Hands out a value unless there is no memory for it.</summary>
    /// <param name="handle">The life that begins; the default if there is none.</param>
    /// <returns>Whether there was; if not, nothing has changed.</returns>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public bool TryAllocate(out BlockHandle handle) => Blocks.TryAllocate(out handle, out _);

    /// <summary>Whether the life that a handle stands for has not ended.</summary>
    /// <param name="handle">Any handle.</param>
    public bool IsLive(BlockHandle handle) => Blocks.IsLive(handle);

    /// <summary>A value if it is live.</summary>
    /// <param name="handle">Any handle.</param>
    /// <returns>The value, or a null reference, as <see cref="Unsafe.IsNullRef{T}"/> tells.</returns>
    public ref T GetOrNullRef(BlockHandle handle)
    {
        _ = Blocks.TryGetAddress(handle, out nuint address);
        return ref *(T*)address;
    }

    /// <summary>Ends a life.</summary>
    /// <param name="handle">The handle that the value was handed out with.</param>
    /// <exception cref="ArgumentException">It is stale: the value has been freed, or it is none of this pool.</exception>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public void Free(BlockHandle handle) => Blocks.Free(handle);

    /// <summary>Ends a life, if it has not ended.</summary>
    /// <param name="handle">The handle that the value was handed out with.</param>
    /// <returns>Whether it was live; if not, nothing has changed.</returns>
    public bool TryFree(BlockHandle handle) => Blocks.TryFree(handle);

    /// <summary>Goes through the live values in the order of their addresses.</summary>
    /// <returns>An enumerator of their handles.</returns>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public BlockPool.Enumerator GetEnumerator() => Blocks.GetEnumerator();

    /// <summary>The figures of the pool now.</summary>
    /// <exception cref="ObjectDisposedException">The pool has been disposed of.</exception>
    public BlockPoolStatistics GetStatistics() => Blocks.GetStatistics();

    /// <summary>Gives the range back with all values. A second call does nothing.</summary>
    public void Dispose() => Blocks.Dispose();
}
