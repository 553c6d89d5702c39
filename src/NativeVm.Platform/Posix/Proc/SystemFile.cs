using System.Buffers.Text;
using NativeVm.Platform.Posix.Native;

namespace NativeVm.Platform.Posix.Proc;

/// <summary>Reads small text files of <c>/proc</c> and <c>/sys</c> whole, without allocating.</summary>
internal static class SystemFile
{
    /// <summary>Enough for every file that is read here, <c>/proc/self/status</c> the longest.</summary>
    public const int BufferSize = 4096;

    /// <summary>The contents of a file, cut to the buffer; empty when it cannot be read.</summary>
    /// <param name="binding">Makes the system calls.</param>
    /// <param name="path">UTF-8, ending in a zero byte.</param>
    /// <param name="buffer">Where the contents go.</param>
    public static ReadOnlySpan<byte> Read(PosixBinding binding, ReadOnlySpan<byte> path, Span<byte> buffer)
    {
        if (binding.OpenFile(path, out int file) != 0)
        {
            return default;
        }

        int length = 0;
        while (length < buffer.Length
            && binding.ReadFile(file, buffer[length..], out int byteCount) == 0
            && byteCount > 0)
        {
            length += byteCount;
        }

        binding.CloseFile(file);
        return buffer[..length];
    }

    /// <summary>The number that a file consists of, or 0 when it cannot be read.</summary>
    /// <param name="binding">Makes the system calls.</param>
    /// <param name="path">UTF-8, ending in a zero byte.</param>
    public static nuint ReadNumber(PosixBinding binding, ReadOnlySpan<byte> path)
    {
        Span<byte> buffer = stackalloc byte[64];
        return (nuint)Number(Read(binding, path, buffer));
    }

    /// <summary>The number behind a label, as in <c>VmRSS:     1234 kB</c>; 0 when the label is not there.</summary>
    /// <param name="text">The lines.</param>
    /// <param name="label">The label with its colon.</param>
    /// <param name="format"><c>D</c> for decimal, <c>X</c> for hexadecimal.</param>
    public static ulong Labelled(ReadOnlySpan<byte> text, ReadOnlySpan<byte> label, char format = 'D')
    {
        while (!text.StartsWith(label))
        {
            int end = text.IndexOf((byte)'\n');
            if (end < 0)
            {
                return 0;
            }

            text = text[(end + 1)..];
        }

        return Number(text[label.Length..].TrimStart(" \t"u8), format);
    }

    private static ulong Number(ReadOnlySpan<byte> text, char format = 'D') =>
        Utf8Parser.TryParse(text, out ulong number, out _, format) ? number : 0;
}
