using System.IO.Compression;
using NativeVm.Tool.Commands;
using NativeVm.Tool.Traces.Strace;

namespace NativeVm.Tool.Traces;

/// <summary>Opens a trace, plain or gzip, from a file or from standard input, and reads it.</summary>
internal static class TraceFile
{
    /// <summary>The path that stands for standard input.</summary>
    public const string StandardInput = "-";

    private const int PeekByteCount = 512;

    // What has room in a gibibyte.
    private const int MostCalls = 1 << 24;

    /// <summary>Reads a whole trace.</summary>
    /// <param name="path">A file, or <c>-</c> for standard input.</param>
    /// <exception cref="ToolException">It is missing, cannot be read, is damaged, or is no trace.</exception>
    public static Trace Read(string path) => Read(path, ReadText);

    /// <summary>Reads a whole trace of any kind.</summary>
    /// <typeparam name="T">What it is read into.</typeparam>
    /// <param name="path">A file, or <c>-</c> for standard input.</param>
    /// <param name="readText">Reads the text, which is decompressed; also handed the name to show people.</param>
    /// <exception cref="ToolException">It is missing, cannot be read, is damaged, empty or binary.</exception>
    public static T Read<T>(string path, Func<Stream, string, T> readText)
    {
        string name = path == StandardInput ? "standard input" : Path.GetFileName(path);
        if (path != StandardInput && Directory.Exists(path))
        {
            throw ToolException.BadInput($"{path} is a directory; name a trace file.");
        }

        try
        {
            using Stream stream = path == StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);
            return Read(stream, name, readText);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ToolException.BadInput($"{path} does not exist.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw ToolException.BadInput($"{path} may not be read: permission denied.", e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            throw ToolException.BadInput($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a whole trace from a stream, plain or gzip.</summary>
    /// <param name="stream">The stream; it need not be seekable.</param>
    /// <param name="name">The name to show people.</param>
    /// <exception cref="ToolException">It is damaged, or no trace.</exception>
    public static Trace Read(Stream stream, string name) => Read(stream, name, ReadText);

    /// <summary>Reads a whole trace of any kind from a stream, plain or gzip.</summary>
    /// <typeparam name="T">What it is read into.</typeparam>
    /// <param name="stream">The stream; it need not be seekable.</param>
    /// <param name="name">The name to show people.</param>
    /// <param name="readText">Reads the text, which is decompressed; also handed the name.</param>
    /// <exception cref="ToolException">It is damaged, empty or binary.</exception>
    public static T Read<T>(Stream stream, string name, Func<Stream, string, T> readText)
    {
        byte[] start = Peek(stream);
        using PrefixedStream whole = new(start, stream);
        if (start is not [0x1f, 0x8b, ..])
        {
            return RequireText(whole, name, readText);
        }

        try
        {
            using GZipStream gzip = new(whole, CompressionMode.Decompress);
            return RequireText(gzip, name, readText);
        }
        catch (InvalidDataException e)
        {
            throw ToolException.BadInput($"{name} is damaged: its gzip data cannot be decompressed.", e);
        }
    }

    private static T RequireText<T>(Stream stream, string name, Func<Stream, string, T> readText)
    {
        byte[] start = Peek(stream);
        if (start.Length == 0)
        {
            throw ToolException.BadInput($"{name} is empty.");
        }

        if (start.Contains((byte)0))
        {
            throw ToolException.BadInput($"{name} is binary; expected the text of a trace, plain or gzip.");
        }

        using PrefixedStream whole = new(start, stream);
        return readText(whole, name);
    }

    /// <summary>Reads the text that strace writes.</summary>
    /// <param name="stream">The text.</param>
    /// <param name="name">The name to show people.</param>
    /// <exception cref="ToolException">No line of it is a memory call.</exception>
    public static Trace ReadText(Stream stream, string name)
    {
        LineTally tally = new();
        List<TraceCall> calls = [];
        StraceReader reader = new(stream, tally);
        while (reader.TryRead(out TraceCall call))
        {
            if (calls.Count == MostCalls)
            {
                throw ToolException.BadInput($"{name} holds more than {MostCalls:N0} memory calls; cut it into parts.");
            }

            calls.Add(call);
        }

        if (calls.Count == 0)
        {
            throw ToolException.BadInput(
                $"{name} holds no memory call in any of its {tally.LineCount} lines; "
                + "record one with: strace -f -e trace=%memory -o FILE COMMAND");
        }

        return new Trace(name, calls, tally, reader.IsCutOff);
    }

    /// <summary>The first bytes of a stream, which are taken from it: <see cref="PrefixedStream"/> puts them back.</summary>
    /// <param name="stream">The stream.</param>
    public static byte[] Peek(Stream stream)
    {
        byte[] start = new byte[PeekByteCount];
        return start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
    }
}
