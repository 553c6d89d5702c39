namespace NativeVm.Tool.Traces.Malloc;

/// <summary>The heap calls of a traced process, in their order, with slots in the place of pointers.</summary>
/// <remarks>
/// Slots are dense and used again, so that who replays the trace keeps its pointers in one array as long as the
/// largest number of blocks that were live at once. What is live after the last step is for the replayer to free.
/// </remarks>
/// <param name="Name">The name to show people.</param>
/// <param name="Steps">The steps.</param>
/// <param name="SlotCount">How many slots the steps use.</param>
/// <param name="PeakByteCount">The most bytes that are live at once.</param>
/// <param name="Tally">The lines that were read, and those left out.</param>
/// <param name="IsCutOff">Whether the trace ended in the middle of a line, which is not used then.</param>
internal sealed record MallocTrace(
    string Name, MallocStep[] Steps, int SlotCount, ulong PeakByteCount, LineTally Tally, bool IsCutOff)
{
    /// <summary>How many steps are of a kind.</summary>
    /// <param name="kind">The kind.</param>
    public int Count(MallocStepKind kind) => Steps.Count(step => step.Kind == kind);
}
