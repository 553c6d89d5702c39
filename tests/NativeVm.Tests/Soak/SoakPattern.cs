namespace NativeVm.Tests.Soak;

/// <summary>What is written into everything live, so that overlap, an early purge or a wrong zeroing shows.</summary>
internal static unsafe class SoakPattern
{
    /// <summary>Fills a range with a value that belongs to nobody else; its last bytes with the value's first ones.</summary>
    public static void Fill(nuint address, nuint byteCount, ulong value)
    {
        Split(address, byteCount, out Span<ulong> words, out Span<byte> rest);
        words.Fill(value);
        new ReadOnlySpan<byte>(&value, rest.Length).CopyTo(rest);
    }

    /// <summary>Throws unless a range holds what <see cref="Fill"/> wrote.</summary>
    public static void Verify(nuint address, nuint byteCount, ulong value, string what)
    {
        Split(address, byteCount, out Span<ulong> words, out Span<byte> rest);
        int index = words.IndexOfAnyExcept(value);
        if (index >= 0)
        {
            throw new SoakFailureException(
                $"{what}: {words[index]:x16} instead of {value:x16} at {address + ((nuint)index * sizeof(ulong)):x}, in {byteCount} bytes from {address:x}.");
        }

        if (!rest.SequenceEqual(new ReadOnlySpan<byte>(&value, rest.Length)))
        {
            throw new SoakFailureException($"{what}: the last bytes of {byteCount} from {address:x} have changed.");
        }
    }

    /// <summary>Throws unless a range reads as zeros.</summary>
    public static void VerifyZero(nuint address, nuint byteCount, string what) => Verify(address, byteCount, 0, what);

    private static void Split(nuint address, nuint byteCount, out Span<ulong> words, out Span<byte> rest)
    {
        words = new((void*)address, checked((int)(byteCount / sizeof(ulong))));
        nuint wholeByteCount = byteCount / sizeof(ulong) * sizeof(ulong);
        rest = new((void*)(address + wholeByteCount), (int)(byteCount - wholeByteCount));
    }
}
