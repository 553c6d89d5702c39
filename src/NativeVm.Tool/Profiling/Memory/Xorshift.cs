namespace NativeVm.Tool.Profiling.Memory;

/// <summary>Random numbers in a nanosecond or two (Marsaglia, Xorshift RNGs, 2003).</summary>
/// <param name="seed">Where to begin, not 0.</param>
internal struct Xorshift(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number below a bound.</summary>
    /// <param name="bound">The bound, not 0.</param>
    public ulong Next(ulong bound)
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (ulong)(((UInt128)_state * bound) >> 64);
    }
}
