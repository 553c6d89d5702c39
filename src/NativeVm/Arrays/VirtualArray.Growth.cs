using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NativeVm;

public sealed unsafe partial class VirtualArray<T>
{
    /// <summary>Appends an element.</summary>
    /// <param name="value">The element.</param>
    /// <exception cref="InsufficientMemoryException">The capacity or the limit on memory is used up.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused to commit more.</exception>
    /// <exception cref="ObjectDisposedException">The array has been disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in T value)
    {
        nuint length = _length;
        if (length >= _usableLength)
        {
            AddSlowly(value);
            return;
        }

        _elements[length] = value;
        Volatile.Write(ref _length, length + 1);
    }

    /// <summary>Appends elements: all of them, or none.</summary>
    /// <param name="values">The elements; none changes nothing. They may be elements of this array.</param>
    /// <exception cref="InsufficientMemoryException">The capacity or the limit on memory is used up.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused to commit more.</exception>
    /// <exception cref="ObjectDisposedException">The array has been disposed of.</exception>
    public void AddRange(ReadOnlySpan<T> values)
    {
        ThrowIfDisposed();
        nuint length = GrownLength((nuint)values.Length);
        EnsureUsable(length);
        values.CopyTo(new Span<T>(_elements + _length, values.Length));
        Volatile.Write(ref _length, length);
    }

    /// <summary>Appends elements that are zero: all of them, or none.</summary>
    /// <param name="count">How many; 0 changes nothing.</param>
    /// <returns>The index of the first one.</returns>
    /// <exception cref="InsufficientMemoryException">The capacity or the limit on memory is used up.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused to commit more.</exception>
    /// <exception cref="ObjectDisposedException">The array has been disposed of.</exception>
    public nuint AddZeroed(nuint count)
    {
        ThrowIfDisposed();
        nuint start = _length;
        Resize(GrownLength(count));
        return start;
    }

    /// <summary>Makes the array longer, with elements that are zero, or shorter; it keeps its pages.</summary>
    /// <param name="length">Elements that it has afterwards.</param>
    /// <exception cref="InsufficientMemoryException">It is more than the capacity or the limit on memory allows.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused to commit more.</exception>
    /// <exception cref="ObjectDisposedException">The array has been disposed of.</exception>
    public void Resize(nuint length)
    {
        VmResult result = TryGrow(length);
        if (!result.IsSuccess)
        {
            Throw(length, result);
        }
    }

    /// <summary>As <see cref="Resize"/>, unless there is no memory for it.</summary>
    /// <param name="length">Elements that it has afterwards.</param>
    /// <returns>Whether there was; if not, nothing has changed.</returns>
    /// <exception cref="ObjectDisposedException">The array has been disposed of.</exception>
    public bool TryResize(nuint length) => TryGrow(length).IsSuccess;

    /// <summary>Commits memory ahead of use.</summary>
    /// <param name="capacity">Elements that the array can then have without asking the system; less than now changes nothing.</param>
    /// <returns>
    /// Success; <see cref="VmResult.NoSpace"/> when it is more than the capacity or the limit on memory allows;
    /// <see cref="VmResult.ResourceShortage"/> when the system refuses. If not success, nothing has changed.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The array has been disposed of.</exception>
    public VmResult EnsureCapacity(nuint capacity)
    {
        ThrowIfDisposed();
        return TryEnsureUsable(capacity);
    }

    /// <summary>Makes the array shorter and gives the pages that it no longer uses back to the system.</summary>
    /// <param name="length">Elements that it keeps; not more than it has.</param>
    /// <returns>
    /// Success; <see cref="VmResult.ResourceShortage"/> when the system refuses: the array is then as long as it was.
    /// </returns>
    /// <remarks><see cref="Resize"/> keeps the pages. Afterwards spans of what is gone fault when they are used.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">It has fewer elements.</exception>
    /// <exception cref="ObjectDisposedException">The array has been disposed of.</exception>
    public VmResult Truncate(nuint length)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _length);
        VmResult result = _front.Shrink(length * (nuint)sizeof(T));
        if (result.IsSuccess)
        {
            MarkDirty(_length);
            Volatile.Write(ref _length, length);
            _usableLength = UsableLength();
            _dirtyLength = Math.Min(_dirtyLength, _usableLength + 1);
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddSlowly(in T value)
    {
        // The value may be an element of this array; it does not move.
        ThrowIfDisposed();
        nuint length = GrownLength(1);
        EnsureUsable(length);
        _elements[length - 1] = value;
        Volatile.Write(ref _length, length);
    }

    private VmResult TryGrow(nuint length)
    {
        ThrowIfDisposed();
        VmResult result = TryEnsureUsable(length);
        if (!result.IsSuccess)
        {
            return result;
        }

        MarkDirty(_length);
        nuint dirtyEnd = Math.Min(_dirtyLength, length);
        if (dirtyEnd > _length)
        {
            NativeMemory.Clear(_elements + _length, (dirtyEnd - _length) * (nuint)sizeof(T));
        }

        Volatile.Write(ref _length, length);
        return VmResult.Success;
    }

    private nuint GrownLength(nuint count)
    {
        if (count > Capacity - _length)
        {
            throw new InsufficientMemoryException(
                $"The array '{Name}' has {_length} of at most {Capacity} elements, and {count} more are wanted; make it with a larger Capacity.");
        }

        return _length + count;
    }

    private void EnsureUsable(nuint length)
    {
        VmResult result = TryEnsureUsable(length);
        if (!result.IsSuccess)
        {
            Throw(length, result);
        }
    }

    private VmResult TryEnsureUsable(nuint length)
    {
        if (length > Capacity)
        {
            return VmResult.NoSpace;
        }

        VmResult result = _front.Grow(length * (nuint)sizeof(T));
        _usableLength = UsableLength();
        return result;
    }

    private nuint UsableLength() => Math.Min(Capacity, _front.ByteCount / (nuint)sizeof(T));

    // Appending does not count what it dirties; whoever shortens or lengthens the array does.
    private void MarkDirty(nuint length) => _dirtyLength = Math.Max(_dirtyLength, length);

    private void Throw(nuint length, VmResult result)
    {
        if (length > Capacity)
        {
            throw new InsufficientMemoryException(
                $"The array '{Name}' may have {Capacity} elements, and {length} are wanted; make it with a larger Capacity.");
        }

        _front.Throw($"The array '{Name}'", length * (nuint)sizeof(T), result);
    }
}
