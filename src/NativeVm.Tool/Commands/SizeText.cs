using System.Globalization;

namespace NativeVm.Tool.Commands;

/// <summary>Sizes as people write them: <c>4096</c>, <c>64K</c>, <c>64 KiB</c>, <c>1m</c>.</summary>
internal static class SizeText
{
    private const string Units = "KMGT";

    /// <summary>Reads a size.</summary>
    /// <param name="text">The text.</param>
    /// <param name="byteCount">The size in bytes, not 0.</param>
    /// <returns>Whether it is one that a 64-bit number holds.</returns>
    public static bool TryParse(string text, out ulong byteCount)
    {
        byteCount = 0;
        string number = text.Trim();
        foreach (string suffix in (string[])["iB", "B"])
        {
            if (number.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                number = number[..^suffix.Length];
                break;
            }
        }

        int shift = 0;
        if (number.Length != 0)
        {
            int unit = Units.IndexOf(char.ToUpperInvariant(number[^1]), StringComparison.Ordinal);
            shift = (unit + 1) * 10;
            number = unit < 0 ? number : number[..^1].TrimEnd();
        }

        if (!ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out ulong count)
            || count == 0
            || count > ulong.MaxValue >> shift)
        {
            return false;
        }

        byteCount = count << shift;
        return true;
    }
}
