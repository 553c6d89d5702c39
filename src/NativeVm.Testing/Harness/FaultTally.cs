using System.Globalization;
using System.Text;

namespace NativeVm.Testing;

/// <summary>
/// What a test run has swept, and what was not survived: a closing line, and a table of the acts. Thread-safe.
/// </summary>
public sealed class FaultTally
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, FaultSweepReport> _reports = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _failures = new(StringComparer.Ordinal);
    private readonly HashSet<(Type Type, string Member)> _operations = [];

    /// <summary>The sum of all sweeps.</summary>
    public FaultSweepReport Total
    {
        get
        {
            lock (_gate)
            {
                return _reports.Values.Aggregate(default(FaultSweepReport), static (sum, report) => sum.Add(report));
            }
        }
    }

    /// <summary>The messages of the sweeps that were not survived, each with its act's name in front.</summary>
    public IReadOnlyList<string> Failures
    {
        get
        {
            lock (_gate)
            {
                return [.. _failures.Values];
            }
        }
    }

    /// <summary>Sweeps an act and enters the result; a failure is kept, not thrown.</summary>
    /// <param name="act">The act.</param>
    /// <returns>Whether every refusal was survived.</returns>
    public bool Sweep(FaultAct act)
    {
        ArgumentNullException.ThrowIfNull(act);
        FaultSweepReport report;
        try
        {
            report = act.Sweep();
        }
        catch (FaultSweepException exception)
        {
            lock (_gate)
            {
                _failures[act.Name] = exception.Message;
            }

            return false;
        }

        if (report.InjectedCount == 0)
        {
            return true;
        }

        lock (_gate)
        {
            _reports[act.Name] = report;
            foreach (CoversAttribute covers in act.Covers)
            {
                _operations.UnionWith(covers.Members.Select(member => (covers.Type, member)));
            }
        }

        return true;
    }

    /// <summary>A line for each act: its calls when undisturbed, those for metadata, runs and injected faults.</summary>
    public string ToTable()
    {
        StringBuilder table = new();
        lock (_gate)
        {
            foreach ((string name, FaultSweepReport report) in _reports)
            {
                table.Append(
                    CultureInfo.InvariantCulture,
                    $"{name}: {report.UndisturbedCallCount} calls, {report.UndisturbedMetadataCallCount} of them for metadata; {report.RunCount} runs, {report.InjectedCount} injected faults\n");
            }
        }

        return table.ToString();
    }

    /// <summary>The closing line, for example <c>210 operations, 9,813 injected faults, all survived</c>.</summary>
    public override string ToString()
    {
        FaultSweepReport total = Total;
        lock (_gate)
        {
            string outcome = _failures.Count == 0 ? "all survived" : $"{_failures.Count} acts failed";
            return FormattableString.Invariant(
                $"{_operations.Count:N0} operations, {total.InjectedCount:N0} injected faults, {outcome}");
        }
    }
}
