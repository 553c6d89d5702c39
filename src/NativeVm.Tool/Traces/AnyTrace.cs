using NativeVm.Tool.Commands;
using NativeVm.Tool.Traces.Malloc;

namespace NativeVm.Tool.Traces;

/// <summary>A trace of one kind or the other.</summary>
/// <param name="Memory">The memory calls, or null.</param>
/// <param name="Heap">The heap calls, or null.</param>
internal sealed record AnyTrace(Trace? Memory, MallocTrace? Heap)
{
    /// <summary>The name to show people.</summary>
    public string Name => Memory?.Name ?? Heap!.Name;

    /// <summary>The lines that were read, and those left out.</summary>
    public LineTally Tally => Memory?.Tally ?? Heap!.Tally;

    /// <summary>Whether the trace ended in the middle of a line.</summary>
    public bool IsCutOff => Memory?.IsCutOff ?? Heap!.IsCutOff;

    /// <summary>Reads a trace, whatever its kind.</summary>
    /// <param name="path">A file, or <c>-</c> for standard input.</param>
    /// <exception cref="ToolException">It is missing, cannot be read, is damaged, or is no trace.</exception>
    public static AnyTrace Read(string path) => TraceFile.Read(path, ReadText);

    /// <summary>Reads a trace, plain or gzip, whatever its kind.</summary>
    /// <param name="stream">The stream; it need not be seekable.</param>
    /// <param name="name">The name to show people.</param>
    /// <exception cref="ToolException">It is damaged, or is no trace.</exception>
    public static AnyTrace Read(Stream stream, string name) => TraceFile.Read(stream, name, ReadText);

    private static AnyTrace ReadText(Stream stream, string name)
    {
        byte[] start = TraceFile.Peek(stream);
        using PrefixedStream whole = new(start, stream);
        return MallocReader.IsMallocTrace(start)
            ? new AnyTrace(null, MallocReader.ReadText(whole, name))
            : new AnyTrace(TraceFile.ReadText(whole, name), null);
    }
}
