using System.Text.Json;
using NativeVm.Tool.Reports;

namespace NativeVm.Tool.Limits;

/// <summary>What <c>nativevm limits</c> finds out, and what <c>--json</c> writes.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Limits">What it allows and has.</param>
/// <param name="Costs">What calls cost; none when they were not measured.</param>
/// <param name="Advice">Settings that harm, and what to do.</param>
internal sealed record LimitsDocument(
    MachineInfo Machine, IReadOnlyList<LimitRow> Limits, IReadOnlyList<CallCost> Costs, IReadOnlyList<string> Advice)
{
    /// <summary>Writes the document.</summary>
    /// <param name="stream">Where to.</param>
    public void Write(Stream stream) => JsonSerializer.Serialize(stream, this, ToolJsonContext.Default.LimitsDocument);
}
