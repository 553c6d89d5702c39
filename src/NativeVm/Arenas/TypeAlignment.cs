namespace NativeVm.Arenas;

/// <summary>
/// What values of a size are aligned to. The runtime does not tell the alignment of a type, but it divides its size.
/// </summary>
internal static class TypeAlignment
{
    /// <summary>A line of the cache, and the widest vector.</summary>
    public const nuint Most = 64;

    /// <summary>The largest power of two that divides a size, at most <see cref="Most"/>; 1 for 0.</summary>
    public static nuint Of(nuint byteCount) => Math.Max(1, unchecked((byteCount | Most) & (0 - (byteCount | Most))));
}
