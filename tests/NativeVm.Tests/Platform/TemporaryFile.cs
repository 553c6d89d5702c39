namespace NativeVm.Tests.Platform;

/// <summary>A path of its own for the length of a test, with a file at it or not.</summary>
internal sealed class TemporaryFile : IDisposable
{
    /// <summary>No file yet.</summary>
    public TemporaryFile()
    {
    }

    /// <summary>A file with these contents.</summary>
    public TemporaryFile(ReadOnlySpan<byte> contents) => File.WriteAllBytes(Path, contents.ToArray());

    public string Path { get; } =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"nativevm-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(Path);
}
