using NativeVm.Tool.Commands;

namespace NativeVm.Tool.Traces;

/// <summary>A trace as a file, which every process of a replay can read: standard input is copied into one.</summary>
internal sealed class SpooledTrace : IDisposable
{
    private readonly string? _temporary;

    private SpooledTrace(string path, string? temporary)
    {
        Path = path;
        _temporary = temporary;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Makes sure of a file.</summary>
    /// <param name="path">A file, or <c>-</c> for standard input.</param>
    /// <exception cref="ToolException">Standard input cannot be kept.</exception>
    public static SpooledTrace Open(string path)
    {
        if (path != TraceFile.StandardInput)
        {
            return new SpooledTrace(path, null);
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("nativevm");
        SpooledTrace spooled = new(System.IO.Path.Combine(folder.FullName, "standard input"), folder.FullName);
        try
        {
            using Stream input = Console.OpenStandardInput();
            using FileStream file = File.Create(spooled.Path);
            input.CopyTo(file);
            return spooled;
        }
        catch (IOException e)
        {
            spooled.Dispose();
            throw ToolException.Failure($"standard input cannot be kept in {folder.FullName}: {e.Message}", e);
        }
    }

    /// <summary>Removes the copy.</summary>
    public void Dispose()
    {
        if (_temporary is not null)
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }
}
