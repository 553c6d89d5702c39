using System.Runtime.CompilerServices;

namespace NativeVm.Index.Tree;

/// <summary>An alignment that has figures of its own, and what makes remainders by it cheap.</summary>
internal struct CustomAlignment(ulong alignment)
{
    // For 32-bit numerators and divisors: the fraction alignment^-1 in 64 bits, rounded up, gives exact remainders.
    private readonly ulong _reciprocal = alignment <= LeafNode.Saturated ? unchecked((ulong.MaxValue / alignment) + 1) : 0;

    public readonly ulong Alignment = alignment;

    public ulong LastUse;

    /// <summary>Whether <see cref="PaddingAt"/> may be used.</summary>
    public readonly bool IsShort => Alignment <= LeafNode.Saturated;

    /// <summary>How far the next multiple lies above a page.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint PaddingAt(uint page)
    {
        uint past = (uint)Math.BigMul(unchecked(_reciprocal * page), Alignment, out _);
        return past == 0 ? 0 : (uint)Alignment - past;
    }
}
