using System.IO.Compression;
using NativeVm.Tool.Reports;
using NativeVm.Tool.Traces;

namespace NativeVm.Tool.Recording;

/// <summary>What a command's recording came to.</summary>
/// <param name="ExitCode">The command's exit code.</param>
/// <param name="LineCount">Lines recorded.</param>
/// <param name="ByteCount">What they take in the file, in bytes.</param>
internal readonly record struct CommandRecording(int ExitCode, long LineCount, long ByteCount)
{
    /// <summary>Records a command.</summary>
    /// <param name="tracer">The tracer.</param>
    /// <param name="command">The command and its arguments.</param>
    /// <param name="path">Where the trace goes; compressed when the name ends in <c>.gz</c>.</param>
    public static CommandRecording Make(string tracer, IReadOnlyList<string> command, string path)
    {
        using ReplaceableFile file = ReplaceableFile.Create(path);

        // Beside the trace, where there is room for it if anywhere.
        string raw = $"{Path.GetFullPath(path)}.{Path.GetRandomFileName()}.strace";
        try
        {
            int exitCode = StraceRecorder.Run(tracer, command, raw);
            long lineCount = 0;
            long byteCount = 0;
            if (File.Exists(raw))
            {
                file.Commit(stream =>
                {
                    using FileStream source = File.OpenRead(raw);
                    lineCount = Write(source, stream, path.EndsWith(TraceNames.CompressedSuffix, StringComparison.OrdinalIgnoreCase));
                    byteCount = stream.CanSeek ? stream.Length : 0;
                });
            }

            return new CommandRecording(exitCode, lineCount, byteCount);
        }
        finally
        {
            File.Delete(raw);
        }
    }

    private static long Write(Stream source, Stream target, bool isCompressed)
    {
        if (!isCompressed)
        {
            return Copy(source, target);
        }

        using GZipStream gzip = new(target, CompressionLevel.Optimal, leaveOpen: true);
        return Copy(source, gzip);
    }

    private static long Copy(Stream source, Stream target)
    {
        byte[] buffer = new byte[64 * 1024];
        long lineCount = 0;
        for (int count = source.Read(buffer); count != 0; count = source.Read(buffer))
        {
            lineCount += buffer.AsSpan(0, count).Count((byte)'\n');
            target.Write(buffer, 0, count);
        }

        return lineCount;
    }
}
