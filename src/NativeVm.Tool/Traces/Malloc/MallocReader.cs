using NativeVm.Tool.Commands;
using NativeVm.Tool.Traces.Strace;

namespace NativeVm.Tool.Traces.Malloc;

/// <summary>
/// Reads malloc traces, one heap call a line (<see cref="MallocLine"/>). Lines that cannot be used are counted by
/// reason; none makes the reader fail.
/// </summary>
internal static class MallocReader
{
    /// <summary>Reads a trace from a file, plain or gzip, or from standard input.</summary>
    /// <param name="path">The file, or <c>-</c>.</param>
    /// <exception cref="ToolException">It is missing, cannot be read, is damaged, or is no malloc trace.</exception>
    public static MallocTrace Read(string path) => TraceFile.Read(path, ReadText);

    /// <summary>Whether a text begins as a malloc trace does.</summary>
    /// <param name="start">The first bytes of the text; a line may be cut off at their end.</param>
    public static bool IsMallocTrace(ReadOnlySpan<byte> start)
    {
        ReadOnlySpan<byte> text = start.TrimStart("\r\n"u8);
        int end = text.IndexOfAny((byte)'\r', (byte)'\n');
        return MallocLine.TryParse(end < 0 ? text : text[..end], out _);
    }

    /// <summary>Reads a trace as text.</summary>
    /// <param name="stream">The text.</param>
    /// <param name="name">The name to show people.</param>
    /// <exception cref="ToolException">No line of it is a heap call, or there are too many.</exception>
    public static MallocTrace ReadText(Stream stream, string name)
    {
        LineTally tally = new();
        ByteLineReader lines = new(stream);
        MallocTraceBuilder builder = new(name, tally);
        while (lines.TryRead(out ReadOnlySpan<byte> text))
        {
            if (text.IsEmpty)
            {
                continue;
            }

            tally.AddLine();

            // Half a number reads like a whole one: a line that was cut off is not used.
            if (lines.EndedWithinLine || !MallocLine.TryParse(text, out MallocLine line))
            {
                tally.Skip(SkipReason.Unparsable);
            }
            else
            {
                builder.Add(line);
            }
        }

        return builder.Count != 0
            ? builder.Build(lines.EndedWithinLine)
            : throw ToolException.BadInput(
                $"{name} holds no heap call in any of its {tally.LineCount} lines; "
                + "they read: a POINTER SIZE, m POINTER SIZE ALIGNMENT, r OLD NEW SIZE, f POINTER, in hexadecimal.");
    }
}
