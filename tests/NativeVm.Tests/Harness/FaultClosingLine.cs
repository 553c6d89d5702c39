using NativeVm.Testing;

namespace NativeVm.Tests.Harness;

/// <summary>
/// Says at the end what was swept, in one line, and writes it with the table of all acts to the file that
/// <see cref="FileVariable"/> names.
/// </summary>
public sealed class FaultClosingLine : IDisposable
{
    public const string FileVariable = "NATIVEVM_FAULTS_FILE";

    public FaultTally Tally { get; } = new();

    public void Dispose()
    {
        Console.WriteLine($"faults: {Tally}");
        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } path)
        {
            File.WriteAllText(path, $"{Tally.ToTable()}\nfaults: {Tally}\n");
        }
    }
}
