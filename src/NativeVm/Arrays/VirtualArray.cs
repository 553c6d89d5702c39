using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using NativeVm.Arenas;
using NativeVm.Diagnostics;

namespace NativeVm;

/// <summary>
/// An array that grows in place: address space for all that it may ever have is reserved, and memory is committed as it
/// grows. Elements never move, so spans and references of them stay valid, and there are no copies of twice the size.
/// </summary>
/// <typeparam name="T">What the elements are.</typeparam>
/// <remarks>
/// <para>
/// The elements lie side by side from <see cref="BaseAddress"/> on, <see cref="Length"/> of them; more than 2^31 are
/// fine. New elements are zero: pages are when they are committed, and what a truncation left is cleared when the
/// array grows over it again. Appending costs one comparison and a store; n elements cost O(log n) system calls.
/// </para>
/// <para>
/// One thread at a time may change the array. Because nothing moves and <see cref="Length"/> is published after the
/// element, other threads may meanwhile read the elements below a length that they have seen, as long as the array is
/// neither truncated nor disposed of.
/// </para>
/// <para>
/// Spans and references are valid until their elements are truncated. The array has to be kept alive as long as they are
/// used. No operation allocates on the managed heap, but for refusals.
/// </para>
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
[DebuggerTypeProxy(typeof(VirtualArrayDebugView<>))]
public sealed unsafe partial class VirtualArray<T> : IDisposable
    where T : unmanaged
{
    private readonly T* _elements;

    // In elements. _length <= _usableLength, which is what is committed; both are 0 once disposed of.
    private nuint _length;
    private nuint _usableLength;

    // Elements at or above it have not been used since their pages were committed, and are zero.
    private nuint _dirtyLength;

    private readonly OwnedRange _range;
    private readonly CommittedFront _front;

    /// <summary>Makes an array without elements and reserves its addresses; no memory is committed yet.</summary>
    /// <param name="options">How large it may become, and from where.</param>
    /// <exception cref="ArgumentNullException">There are no options.</exception>
    /// <exception cref="ArgumentException">The capacity is 0 or beyond any address space, or map and platform contradict each other.</exception>
    /// <exception cref="VmMapException">The map that was given has no room.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused the reservation.</exception>
    public VirtualArray(VirtualArrayOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(options.Capacity);
        Name = options.Name;
        Capacity = options.Capacity;
        RangeBacking backing = new(options.Map, options.Platform, options.MetadataPlatform);
        nuint byteCount = OwnedRange.Multiply(options.Capacity, (nuint)sizeof(T), nameof(options));
        _range = new OwnedRange(backing, byteCount, RangeAlignment.Of(backing, options.UsesHugePages));
        _front = new CommittedFront(_range, new FrontPolicy(options.CommitStep, options.MemoryLimit, options.UsesHugePages));
        _elements = (T*)_range.Start;
        _ticket = LiveInstances.Add(this);
    }

    /// <summary>The name for diagnostics.</summary>
    public string Name { get; }

    /// <summary>The map that the range lies in.</summary>
    public VmMap Map => _range.Map;

    /// <summary>The address of the first element.</summary>
    public nuint BaseAddress => _range.Start;

    /// <summary>Elements that the array may ever have.</summary>
    public nuint Capacity { get; }

    /// <summary>Elements that the array has; 0 once it is disposed of.</summary>
    public nuint Length => Volatile.Read(ref _length);

    private string DebuggerText => _range.IsDisposed
        ? $"{Name}, disposed"
        : $"{Name}: {_length:N0} elements, {_front.ByteCount:N0} bytes committed";

    /// <summary>An element.</summary>
    /// <param name="index">Which; below <see cref="Length"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    /// <exception cref="ObjectDisposedException">The array has been disposed of.</exception>
    public ref T this[nuint index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (index >= _length)
            {
                ThrowIndex(index);
            }

            return ref _elements[index];
        }
    }

    /// <summary>An element.</summary>
    /// <param name="index">Which; not negative, and below <see cref="Length"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    /// <exception cref="ObjectDisposedException">The array has been disposed of.</exception>
    public ref T this[long index]
    {
        // Negative ones become larger than any length; on 32 bits so do those that a cast would cut off.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (unchecked((ulong)index) >= _length)
            {
                ThrowIndex(unchecked((nuint)(ulong)index));
            }

            return ref _elements[index];
        }
    }

    /// <summary>Some of the elements.</summary>
    /// <param name="start">The first one; up to <see cref="Length"/>.</param>
    /// <param name="length">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    /// <exception cref="ObjectDisposedException">The array has been disposed of.</exception>
    public Span<T> AsSpan(nuint start, int length)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, _length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((nuint)length, _length - start, nameof(length));
        return new Span<T>(_elements + start, length);
    }

    /// <summary>All elements from one on.</summary>
    /// <param name="start">The first one; up to <see cref="Length"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is none such, or there are more than a span can have.</exception>
    /// <exception cref="ObjectDisposedException">The array has been disposed of.</exception>
    public Span<T> AsSpan(nuint start = 0)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, _length);
        nuint length = _length - start;
        return length <= int.MaxValue
            ? new Span<T>(_elements + start, (int)length)
            : throw new ArgumentOutOfRangeException(nameof(start), start, "A span has at most 2^31 - 1 elements; ask for parts.");
    }

    /// <summary>The figures of the array now.</summary>
    /// <exception cref="ObjectDisposedException">The array has been disposed of.</exception>
    public VirtualArrayStatistics GetStatistics()
    {
        ThrowIfDisposed();
        return new VirtualArrayStatistics
        {
            ReservedByteCount = _range.ByteCount,
            CommittedByteCount = _front.ByteCount,
            AllocatedByteCount = _length * (nuint)sizeof(T),
            Length = _length,
            Capacity = Capacity,
        };
    }

    /// <summary>Gives the range back with all elements. A second call does nothing.</summary>
    public void Dispose()
    {
        if (!_range.IsDisposed)
        {
            LiveInstances.Remove(_ticket);
            _length = _usableLength = _dirtyLength = 0;
            _range.Dispose();
        }
    }

    [DoesNotReturn]
    private void ThrowIndex(nuint index)
    {
        ThrowIfDisposed();
        throw new ArgumentOutOfRangeException(nameof(index), index, $"The array '{Name}' has {_length} elements.");
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_range.IsDisposed, this);
}
