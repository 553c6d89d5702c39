using System.Text.Json;
using NativeVm.Tool.Replay;

namespace NativeVm.Tool.Reports.Replays;

/// <summary>What <c>nativevm replay --json</c> writes.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Replays">The figures of each trace.</param>
internal sealed record ReplayDocument(MachineInfo Machine, IReadOnlyList<ReplayEntry> Replays)
{
    /// <summary>Writes the document.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="outcomes">What each trace came to.</param>
    /// <param name="machine">The machine.</param>
    public static void Write(Stream stream, IReadOnlyList<ReplayOutcome> outcomes, MachineInfo machine)
    {
        ReplayDocument document = new(machine, [.. outcomes.Select(ReplayEntry.Of)]);
        JsonSerializer.Serialize(stream, document, ToolJsonContext.Default.ReplayDocument);
    }
}
