using System.Globalization;
using System.Text;
using NativeVm.Diagnostics;

namespace NativeVm;

/// <summary>What has been allocated and not been freed; see <see cref="VmDiagnostics.GetLeakReport"/>.</summary>
public sealed class VmLeakReport
{
    private VmLeakReport(IReadOnlyList<VmLeak> leaks) => Leaks = leaks;

    /// <summary>One for each owner and site, the most bytes first.</summary>
    public IReadOnlyList<VmLeak> Leaks { get; }

    /// <summary>The report as text: a line for each site, and under it the stack.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        foreach (VmLeak leak in Leaks)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{leak.ByteCount:N0} bytes in {leak.Count:N0} of {leak.OwnerKind} '{leak.OwnerName}' from {leak.Site}");
            text.Append(leak.StackTrace);
        }

        return text.ToString();
    }

    internal static VmLeakReport Of(IEnumerable<AllocationRecord> records) => new(
    [
        .. records
            .GroupBy(static record => (record.OwnerName, record.OwnerKind, Site: record.FindSite()))
            .Select(static group => new VmLeak(
                group.Key.OwnerName,
                group.Key.OwnerKind,
                group.Key.Site,
                group.Count(),
                group.Aggregate((nuint)0, static (sum, record) => sum + record.ByteCount),
                group.First().Stack.ToString()))
            .OrderByDescending(static leak => leak.ByteCount),
    ]);
}
