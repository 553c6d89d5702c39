using System.Buffers.Text;

namespace NativeVm.Tool.Traces.Malloc;

/// <summary>
/// One line of a malloc trace, all numbers hexadecimal: <c>a POINTER SIZE</c>, <c>m POINTER SIZE ALIGNMENT</c>,
/// <c>r OLD NEW SIZE</c>, <c>f POINTER</c>.
/// </summary>
/// <param name="Letter">The call.</param>
/// <param name="First">The first number.</param>
/// <param name="Second">The second number, or 0.</param>
/// <param name="Third">The third number, or 0.</param>
internal readonly record struct MallocLine(byte Letter, ulong First, ulong Second, ulong Third)
{
    /// <summary>Reads a line.</summary>
    /// <param name="text">The line without its end.</param>
    /// <param name="line">Its parts.</param>
    /// <returns>Whether it has one of the four forms.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out MallocLine line)
    {
        line = default;
        if (text.Length < 3)
        {
            return false;
        }

        int expected = text[0] switch { (byte)'f' => 1, (byte)'a' => 2, (byte)'r' or (byte)'m' => 3, _ => 0 };
        ReadOnlySpan<byte> rest = text[1..];
        Span<ulong> numbers = stackalloc ulong[3];
        for (int i = 0; i < expected; i++)
        {
            if (rest is not [(byte)' ', _, ..] || !Utf8Parser.TryParse(rest[1..], out numbers[i], out int length, 'x'))
            {
                return false;
            }

            rest = rest[(1 + length)..];
        }

        line = new MallocLine(text[0], numbers[0], numbers[1], numbers[2]);
        return expected != 0 && rest.TrimEnd((byte)' ').IsEmpty;
    }
}
