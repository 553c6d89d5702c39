using System.Numerics;

namespace NativeVm.Pools;

/// <summary>
/// Division by a constant of numbers that should be its multiples, with the proof that they are.
/// </summary>
/// <remarks>
/// A divisor is an odd number times a power of two. Modulo 2^64 an odd number d has an inverse i, and multiplying by i
/// maps the multiples d·q to q, one to one; so every other number lands above the quotients, at or above 2^64/d. A
/// multiplication and a rotation, which brings low bits that should be 0 to the top, hence give the quotient of a
/// multiple and something larger than any of them for all else: one comparison with the number of blocks tells. A
/// division would cost ten times that.
/// </remarks>
internal readonly struct ExactDivision
{
    private readonly ulong _inverse;
    private readonly int _shift;

    public ExactDivision(ulong divisor)
    {
        _shift = BitOperations.TrailingZeroCount(divisor);
        ulong odd = divisor >> _shift;

        // Newton: an inverse modulo 2^k becomes one modulo 2^2k. The start is right modulo 2^3.
        ulong inverse = odd;
        for (int bits = 3; bits < 64; bits *= 2)
        {
            inverse = unchecked(inverse * (2 - (odd * inverse)));
        }

        _inverse = inverse;
    }

    /// <summary>The quotient of a multiple; for any other number something at or above 2^64 / divisor.</summary>
    public ulong Divide(ulong number) => BitOperations.RotateRight(unchecked(number * _inverse), _shift);
}
