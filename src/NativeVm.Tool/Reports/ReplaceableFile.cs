using NativeVm.Tool.Commands;

namespace NativeVm.Tool.Reports;

/// <summary>
/// A file that is written beside its place and takes it only when it is complete, so that a good file is never
/// replaced by half of one. It is opened before long work begins, so that a place that cannot be written is known
/// at once.
/// </summary>
internal sealed class ReplaceableFile : IDisposable
{
    private readonly string _path;
    private readonly string? _temporaryPath;
    private FileStream? _stream;

    private ReplaceableFile(string path, string? temporaryPath)
    {
        _path = path;
        _temporaryPath = temporaryPath;
        _stream = new FileStream(
            temporaryPath ?? path,
            temporaryPath is null ? FileMode.Open : FileMode.CreateNew,
            FileAccess.Write);
    }

    /// <summary>Opens a file for writing.</summary>
    /// <param name="path">Its place.</param>
    /// <exception cref="ToolException">It cannot be written there.</exception>
    public static ReplaceableFile Create(string path)
    {
        try
        {
            if (path.Length == 0 || Directory.Exists(path))
            {
                throw ToolException.BadInput($"'{path}' is a directory; name a file to write.");
            }

            // Devices are written to as they are: nobody wants /dev/stdout replaced by a file.
            if (path.StartsWith("/dev/", StringComparison.Ordinal))
            {
                return new ReplaceableFile(path, temporaryPath: null);
            }

            string? target = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null;
            string place = target ?? Path.GetFullPath(path);
            return new ReplaceableFile(place, $"{place}.{Path.GetRandomFileName()}.tmp");
        }
        catch (Exception e) when (IsFileTrouble(e))
        {
            throw CannotWrite(path, e);
        }
    }

    /// <summary>Writes the contents and puts the file in its place.</summary>
    /// <param name="write">Writes the contents.</param>
    /// <exception cref="ToolException">They cannot be written; what was in the place before still is.</exception>
    public void Commit(Action<Stream> write)
    {
        try
        {
            write(_stream!);
            _stream!.Dispose();
            _stream = null;
            if (_temporaryPath is not null)
            {
                File.Move(_temporaryPath, _path, overwrite: true);
            }
        }
        catch (Exception e) when (IsFileTrouble(e))
        {
            throw CannotWrite(_path, e);
        }
    }

    /// <summary>Closes the file; what has not taken its place goes.</summary>
    public void Dispose()
    {
        try
        {
            _stream?.Dispose();
        }
        catch (IOException)
        {
            // A full disk is reported again when the stream is closed; the file is thrown away in any case.
            _stream = null;
        }

        if (_temporaryPath is not null)
        {
            File.Delete(_temporaryPath);
        }
    }

    private static bool IsFileTrouble(Exception e) =>
        e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private static ToolException CannotWrite(string path, Exception cause) => ToolException.Failure(
        cause is UnauthorizedAccessException
            ? $"{path} cannot be written: permission denied."
            : $"{path} cannot be written: {Reason(cause.Message)}",
        cause);

    // The runtime adds the path, which the line begins with.
    private static string Reason(string message)
    {
        int path = message.IndexOf(" : '", StringComparison.Ordinal);
        return path < 0 ? message : $"{message[..path].TrimEnd('.')}.";
    }
}
