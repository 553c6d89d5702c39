using System.Buffers.Text;

namespace NativeVm.Tool.Traces.Strace;

/// <summary>Reads the arguments of one call, from left to right.</summary>
internal ref struct ArgumentReader(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    /// <summary>Takes the text up to the next comma, or to the end.</summary>
    /// <param name="argument">The text, without spaces around it.</param>
    /// <returns>Whether there was any.</returns>
    public bool TryReadText(out ReadOnlySpan<byte> argument)
    {
        int comma = _rest.IndexOf((byte)',');
        argument = (comma < 0 ? _rest : _rest[..comma]).Trim((byte)' ');
        _rest = comma < 0 ? default : _rest[(comma + 1)..];
        return !argument.IsEmpty;
    }

    /// <summary>Takes a number: decimal, hexadecimal, or <c>NULL</c>.</summary>
    /// <param name="value">The number.</param>
    /// <returns>Whether the argument is one.</returns>
    public bool TryReadNumber(out ulong value)
    {
        value = 0;
        return TryReadText(out ReadOnlySpan<byte> argument) && TryParseNumber(argument, out value);
    }

    /// <summary>Reads all of a text as a number: decimal, hexadecimal, or <c>NULL</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">The number.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParseNumber(ReadOnlySpan<byte> text, out ulong value)
    {
        if (text.SequenceEqual("NULL"u8))
        {
            value = 0;
            return true;
        }

        int used;
        if (text.StartsWith("0x"u8))
        {
            return Utf8Parser.TryParse(text[2..], out value, out used, 'x') && used == text.Length - 2;
        }

        return Utf8Parser.TryParse(text, out value, out used) && used == text.Length;
    }
}
