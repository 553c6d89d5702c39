using System.Globalization;

namespace NativeVm.Tests.Tool.Traces;

/// <summary>
/// Counts the mutated inputs that were read or refused as they should be, and says at the end how many, also to the file
/// that <see cref="FileVariable"/> names.
/// </summary>
public sealed class BadInputClosingLine : IDisposable
{
    public const string FileVariable = "NATIVEVM_INPUTS_FILE";

    private long _survivedCount;

    /// <summary>One more has been survived.</summary>
    public void Count() => Interlocked.Increment(ref _survivedCount);

    public void Dispose()
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"inputs: {_survivedCount:N0} mutated inputs survived");
        Console.WriteLine(line);
        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } path)
        {
            File.WriteAllText(path, line + "\n");
        }
    }
}
