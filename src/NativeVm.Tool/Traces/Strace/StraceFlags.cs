namespace NativeVm.Tool.Traces.Strace;

/// <summary>Protections and mapping flags as strace writes them: names joined by bars, or a number.</summary>
internal static class StraceFlags
{
    private const ulong NumericAnonymous = 0x20;

    /// <summary>Reads <c>PROT_READ|PROT_WRITE</c> or <c>0x3</c>.</summary>
    /// <param name="text">The argument.</param>
    /// <param name="protection">What it says; flags that are no access (<c>PROT_GROWSDOWN</c>) are passed over.</param>
    /// <returns>Whether it is a protection.</returns>
    public static bool TryParseProtection(ReadOnlySpan<byte> text, out TraceProtection protection)
    {
        protection = TraceProtection.None;
        foreach (Range part in text.Split((byte)'|'))
        {
            ReadOnlySpan<byte> name = text[part];
            if (ArgumentReader.TryParseNumber(name, out ulong bits))
            {
                protection |= (TraceProtection)(bits & 7);
            }
            else if (!name.StartsWith("PROT_"u8))
            {
                return false;
            }
            else if (name.SequenceEqual("PROT_READ"u8))
            {
                protection |= TraceProtection.Read;
            }
            else if (name.SequenceEqual("PROT_WRITE"u8))
            {
                protection |= TraceProtection.Write;
            }
            else if (name.SequenceEqual("PROT_EXEC"u8))
            {
                protection |= TraceProtection.Execute;
            }
        }

        return true;
    }

    /// <summary>Reads <c>MAP_PRIVATE|MAP_ANONYMOUS</c> or <c>0x22</c>.</summary>
    /// <param name="text">The argument.</param>
    /// <param name="isAnonymous">Whether no file is behind the mapping.</param>
    /// <returns>Whether these are mapping flags.</returns>
    public static bool TryParseMapping(ReadOnlySpan<byte> text, out bool isAnonymous)
    {
        isAnonymous = false;
        foreach (Range part in text.Split((byte)'|'))
        {
            ReadOnlySpan<byte> name = text[part];
            if (ArgumentReader.TryParseNumber(name, out ulong bits))
            {
                isAnonymous |= (bits & NumericAnonymous) != 0;
            }
            else if (name.SequenceEqual("MAP_ANONYMOUS"u8) || name.SequenceEqual("MAP_ANON"u8))
            {
                isAnonymous = true;
            }
            else if (!IsFlagName(name))
            {
                return false;
            }
        }

        return true;
    }

    // Some flags carry a number behind a shift ("21<<MAP_HUGE_SHIFT"), and unknown bits stand in a comment.
    private static bool IsFlagName(ReadOnlySpan<byte> name) =>
        name.StartsWith("MAP_"u8) || name.IndexOf("<<MAP_"u8) > 0 || name.IndexOf("/* MAP_"u8) > 0;
}
