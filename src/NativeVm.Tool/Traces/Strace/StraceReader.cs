using System.Buffers.Text;

namespace NativeVm.Tool.Traces.Strace;

/// <summary>
/// Reads what <c>strace -f -e trace=%memory</c> writes, line by line, and hands out the memory calls that
/// succeeded. Every other line is counted by reason; none makes the reader fail.
/// </summary>
/// <remarks>
/// A call that strace cut in two takes effect where its end stands, because only the end tells the address. An
/// <c>munmap</c> takes effect where it begins: the system may hand its range to another thread before it returns.
/// </remarks>
internal sealed class StraceReader(Stream stream, LineTally tally)
{
    private readonly ByteLineReader _lines = new(stream);
    private readonly InterruptedCalls _interrupted = new();

    /// <summary>Whether the trace ended in the middle of a line, which is not used then.</summary>
    public bool IsCutOff => _lines.EndedWithinLine;

    /// <summary>Reads on to the next call.</summary>
    /// <param name="call">The call.</param>
    /// <returns>False at the end of the trace.</returns>
    public bool TryRead(out TraceCall call)
    {
        while (_lines.TryRead(out ReadOnlySpan<byte> bytes))
        {
            if (bytes.IsEmpty)
            {
                continue;
            }

            tally.AddLine();
            if (IsCutOff)
            {
                // Half an address reads like a whole one.
                tally.Skip(SkipReason.Unparsable);
            }
            else if (TryParse(bytes, out call))
            {
                return true;
            }
        }

        for (int i = _interrupted.Count; i > 0; i--)
        {
            tally.Skip(SkipReason.Unfinished);
        }

        call = default;
        return false;
    }

    private bool TryParse(ReadOnlySpan<byte> bytes, out TraceCall call)
    {
        if (!StraceLine.TryParse(bytes, out StraceLine line))
        {
            tally.Skip(SkipReason.Unparsable);
            call = default;
            return false;
        }

        if (line.Text.StartsWith("<... "u8))
        {
            return TryParseEnd(line, out call);
        }

        int unfinished = line.Text.LastIndexOf("<unfinished ...>"u8);
        if (unfinished >= 0)
        {
            return TryParseBeginning(line, unfinished, out call);
        }

        if (line.Text[0] is (byte)'+' or (byte)'-' || line.Text.StartsWith("strace: "u8))
        {
            return TryParseNote(line, out call);
        }

        return TryParseCall(line.ProcessId, line.Text, out call);
    }

    private bool TryParseCall(int processId, ReadOnlySpan<byte> text, out TraceCall call)
    {
        if (StraceCallParser.TryParse(processId, text, out call, out SkipReason reason))
        {
            return true;
        }

        tally.Skip(reason);
        return false;
    }

    private bool TryParseBeginning(in StraceLine line, int unfinished, out TraceCall call)
    {
        ReadOnlySpan<byte> text = line.Text[..unfinished];
        if (text.StartsWith("munmap("u8)
            && StraceCallParser.TryParse(line.ProcessId, [.. text, .. ") = 0"u8], out call, out _))
        {
            return true;
        }

        call = default;
        if (_interrupted.Begin(line.ProcessId, text))
        {
            tally.Skip(SkipReason.Unfinished);
        }

        return false;
    }

    private bool TryParseEnd(in StraceLine line, out TraceCall call)
    {
        call = default;
        ReadOnlySpan<byte> text = line.Text["<... ".Length..];
        int resumed = text.IndexOf(" resumed>"u8);
        if (resumed < 0 || !StraceCallParser.IsName(text[..resumed]))
        {
            tally.Skip(SkipReason.Unparsable);
            return false;
        }

        ReadOnlySpan<byte> name = text[..resumed];
        if (_interrupted.TryEnd(line.ProcessId, name, text[(resumed + " resumed>".Length)..], out byte[] whole))
        {
            return TryParseCall(line.ProcessId, whole, out call);
        }

        // The end of an munmap has nothing to add to its beginning, which was handed out already.
        if (!name.SequenceEqual("munmap"u8))
        {
            tally.Skip(SkipReason.Resumed);
        }

        return false;
    }

    private bool TryParseNote(in StraceLine line, out TraceCall call)
    {
        tally.Skip(SkipReason.Note);
        call = default;
        if (line.Text.StartsWith("+++ exited"u8) || line.Text.StartsWith("+++ killed"u8))
        {
            if (_interrupted.Abandon(line.ProcessId))
            {
                tally.Skip(SkipReason.Unfinished);
            }

            call = new TraceCall(TraceCallKind.Exit, line.ProcessId);
            return true;
        }

        int child = line.Text.IndexOf("si_pid="u8);
        if (line.Text.StartsWith("--- SIGCHLD"u8)
            && child >= 0
            && line.Text.IndexOf("si_code=CLD_"u8) >= 0
            && Utf8Parser.TryParse(line.Text[(child + "si_pid=".Length)..], out int childId, out _))
        {
            call = new TraceCall(TraceCallKind.ChildEnded, childId);
            return true;
        }

        return false;
    }
}
