using System.Buffers;
using System.Buffers.Text;

namespace NativeVm.Tool.Traces.Strace;

/// <summary>
/// A line of strace without what stands before the event: a process id (<c>123</c> or <c>[pid 123]</c>) and a time
/// stamp, each of which may be missing.
/// </summary>
internal readonly ref struct StraceLine
{
    private static readonly SearchValues<byte> TimeBytes = SearchValues.Create("0123456789.:"u8);

    private StraceLine(int processId, ReadOnlySpan<byte> text)
    {
        ProcessId = processId;
        Text = text;
    }

    /// <summary>Who the line tells of; 0 when it does not say.</summary>
    public int ProcessId { get; }

    /// <summary>The event.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>Takes process id and time stamp off a line.</summary>
    /// <param name="line">The whole line.</param>
    /// <param name="parsed">The two parts.</param>
    /// <returns>Whether an event is left.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out StraceLine parsed)
    {
        int processId = 0;
        line = line.TrimStart((byte)' ');
        if (line.StartsWith("[pid"u8))
        {
            int bracket = line.IndexOf((byte)']');
            if (bracket < 0 || !TryParseProcess(line[4..bracket].Trim((byte)' '), out processId))
            {
                parsed = default;
                return false;
            }

            line = line[(bracket + 1)..].TrimStart((byte)' ');
        }

        while (!line.IsEmpty && char.IsAsciiDigit((char)line[0]))
        {
            int space = line.IndexOf((byte)' ');
            ReadOnlySpan<byte> word = space < 0 ? line : line[..space];
            if (!IsTime(word) && !(processId == 0 && TryParseProcess(word, out processId)))
            {
                parsed = default;
                return false;
            }

            line = line[word.Length..].TrimStart((byte)' ');
        }

        parsed = new StraceLine(processId, line);
        return !line.IsEmpty;
    }

    private static bool TryParseProcess(ReadOnlySpan<byte> word, out int processId) =>
        Utf8Parser.TryParse(word, out processId, out int used) && used == word.Length && processId > 0;

    private static bool IsTime(ReadOnlySpan<byte> word) =>
        word.IndexOfAny((byte)'.', (byte)':') >= 0 && word.IndexOfAnyExcept(TimeBytes) < 0;
}
