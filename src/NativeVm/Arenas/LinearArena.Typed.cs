using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeVm.Arenas;

namespace NativeVm;

public sealed unsafe partial class LinearArena
{
    /// <summary>Hands out one value.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <returns>The value, all bits zero unless the options say otherwise.</returns>
    /// <remarks>Aligned to the largest power of two that divides its size, at most to 64 bytes.</remarks>
    /// <exception cref="InsufficientMemoryException">The range or the limit on memory is used up.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused to commit more.</exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Allocate<T>()
        where T : unmanaged => ref *(T*)AllocateAligned<T>((nuint)sizeof(T));

    /// <summary>Hands out values side by side.</summary>
    /// <typeparam name="T">What they are.</typeparam>
    /// <param name="length">How many; 0 gives an empty span.</param>
    /// <returns>The values, all bits zero unless the options say otherwise.</returns>
    /// <remarks>Aligned as a single value is.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative, or its bytes are more than an address space.</exception>
    /// <exception cref="InsufficientMemoryException">The range or the limit on memory is used up.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused to commit more.</exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> AllocateSpan<T>(int length)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        nuint byteCount = OwnedRange.Multiply((nuint)length, (nuint)sizeof(T), nameof(length));
        return MemoryMarshal.CreateSpan(ref *(T*)AllocateAligned<T>(byteCount), length);
    }

    /// <summary>Hands out a copy of values.</summary>
    /// <typeparam name="T">What they are.</typeparam>
    /// <param name="values">The values; none gives an empty span.</param>
    /// <returns>The copy.</returns>
    /// <exception cref="InsufficientMemoryException">The range or the limit on memory is used up.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused to commit more.</exception>
    /// <exception cref="ObjectDisposedException">The arena has been disposed of.</exception>
    public Span<T> AllocateCopy<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Span<T> copy = AllocateSpan<T>(values.Length);
        values.CopyTo(copy);
        return copy;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private nuint AllocateAligned<T>(nuint byteCount)
        where T : unmanaged
    {
        // Both are constants where this is compiled for a type.
        nuint alignment = TypeAlignment.Of((nuint)sizeof(T));
        return alignment <= DefaultAlignment ? Allocate(byteCount) : Allocate(byteCount, alignment);
    }
}
