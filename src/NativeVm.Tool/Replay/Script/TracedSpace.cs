using NativeVm.Tool.Ranges;

namespace NativeVm.Tool.Replay.Script;

/// <summary>The address space of one traced process and of all its threads.</summary>
internal sealed class TracedSpace
{
    /// <summary>What the process has mapped, by its own addresses.</summary>
    public RangeTable<TracedState> Ranges { get; } = new();

    /// <summary>The process whose exit ends the address space.</summary>
    public required int OwnerId { get; init; }

    /// <summary>The program break, or 0 while it is not known.</summary>
    public ulong Break { get; set; }
}
