using NativeVm.Testing;

namespace NativeVm.Tests.Harness;

/// <summary>
/// Says at the end what was swept, in one line, and writes it with the table of all acts to the file that
/// <see cref="FileVariable"/> names. The last class to end speaks for all.
/// </summary>
public sealed class FaultClosingLine : IDisposable
{
    public const string FileVariable = "NATIVEVM_FAULTS_FILE";

    private static readonly FaultTally Shared = new();
    private readonly FaultTally _tally = Shared;

    /// <summary>Sweeps all acts of a scenario; fails with every one that was not survived.</summary>
    public void Sweep(FaultCatalog catalog, string scenario)
    {
        List<string> failed = [];
        foreach (FaultAct act in catalog.Acts.Where(act => HarnessTests.ScenarioOf(act) == scenario))
        {
            if (!_tally.Sweep(act))
            {
                failed.Add(act.Name);
            }
        }

        IEnumerable<string> failures = _tally.Failures.Where(
            failure => failed.Exists(name => failure.StartsWith(name + " ", StringComparison.Ordinal)));
        Assert.True(failed.Count == 0, string.Join("\n\n", failures));
    }

    public void Dispose()
    {
        Console.WriteLine($"faults: {_tally}");
        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } path)
        {
            File.WriteAllText(path, $"{_tally.ToTable()}\nfaults: {_tally}\n");
        }
    }
}
