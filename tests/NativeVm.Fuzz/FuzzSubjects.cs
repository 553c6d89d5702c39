using System.Diagnostics.CodeAnalysis;
using System.Text;
using NativeVm.Tool.Commands;
using NativeVm.Tool.Replay;
using NativeVm.Tool.Spaces;
using NativeVm.Tool.Traces;

namespace NativeVm.Fuzz;

/// <summary>
/// What is fed with bytes. Each reads them, or refuses them in one line for people; any other exception is a finding.
/// </summary>
internal static class FuzzSubjects
{
    // No text that a system writes is longer, and what is longer would only be slow.
    private const int MostByteCount = 1 << 20;

    /// <summary>The names, for people.</summary>
    public const string Names = "trace|smaps";

    /// <summary>Finds one by its name.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out Action<Stream>? read)
    {
        read = name switch
        {
            "trace" => ReadTrace,
            "smaps" => ReadSmaps,
            _ => null,
        };
        return read is not null;
    }

    private static void ReadTrace(Stream stream)
    {
        try
        {
            AnyTrace trace = AnyTrace.Read(Buffered(stream), "it");
            Require(trace.Tally.SkippedCount >= 0 && trace.Tally.SkippedCount <= trace.Tally.LineCount * 2, "The tally is off.");
            Require(ReplaySubject.Prepare(trace).Describe().Length != 0, "No description.");
            if (trace.Memory is { } memory)
            {
                _ = new TracedProcess(memory, TraceMoment.Peak).TryRead();
                _ = new TracedProcess(memory, TraceMoment.End).TryRead();
            }
        }
        catch (ToolException e)
        {
            Require(e.ExitCode == ExitCode.BadInput && !e.Message.Contains('\n', StringComparison.Ordinal), e.Message);
        }
    }

    private static void ReadSmaps(Stream stream)
    {
        using StreamReader text = new(Buffered(stream), Encoding.UTF8);
        foreach (SpaceRegion region in SmapsReader.Read(text))
        {
            _ = region.ToString();
        }
    }

    // A pipe, which is what comes, cannot be looked at twice.
    private static MemoryStream Buffered(Stream stream)
    {
        byte[] bytes = new byte[MostByteCount];
        return new(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }
}
