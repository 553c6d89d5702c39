using System.Text;
using NativeVm.Tool.Traces;
using NativeVm.Tool.Traces.Strace;

namespace NativeVm.Tests.Tool.Traces;

/// <summary>Reads traces that stand in the tests as text.</summary>
internal static class TraceText
{
    public static Trace Read(params string[] lines)
    {
        LineTally tally = new();
        List<TraceCall> calls = [];
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        StraceReader reader = new(stream, tally);
        while (reader.TryRead(out TraceCall call))
        {
            calls.Add(call);
        }

        return new Trace("test", calls, tally, reader.IsCutOff);
    }

    /// <summary>The only call of a line, and nothing left out.</summary>
    public static TraceCall ReadOne(string line)
    {
        Trace trace = Read(line);
        Assert.Equal(0, trace.Tally.SkippedCount);
        return Assert.Single(trace.Calls);
    }
}
