using System.Numerics;

namespace NativeVm.Tests.Models;

/// <summary>
/// A source of random choices whose numbers are given: FsCheck makes them up and, where a model fails, shrinks them to a
/// short sequence of operations. Equal numbers make equal choices. When they are used up, every choice is the first.
/// </summary>
internal sealed class ScriptedRandom(int[] numbers) : Random
{
    private int _used;

    /// <summary>Whether all numbers are used up.</summary>
    public bool IsAtEnd => _used >= numbers.Length;

    public override int Next() => (int)(NextNumber() >> 1);

    public override int Next(int maxValue) => (int)(NextNumber() % (uint)maxValue);

    public override int Next(int minValue, int maxValue) => minValue + Next(maxValue - minValue);

    public override long NextInt64() => ((long)Next() << 32) | NextNumber();

    public override long NextInt64(long maxValue) => NextInt64() % maxValue;

    public override long NextInt64(long minValue, long maxValue) => minValue + NextInt64(maxValue - minValue);

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    // One number for all, so that contents do not use up what operations are chosen by.
    public override void NextBytes(Span<byte> buffer)
    {
        uint value = NextNumber();
        for (int i = 0; i < buffer.Length; i++)
        {
            buffer[i] = (byte)((value >> 24) + (uint)i);
        }
    }

    protected override double Sample() => Next() / ((double)int.MaxValue + 1);

    // Small numbers, which FsCheck prefers, are to be spread over all choices; 0, to which it shrinks, stays 0.
    private uint NextNumber() => _used < numbers.Length ? BitOperations.RotateLeft((uint)numbers[_used++] * 0x9e37_79b1, 15) : 0;
}
