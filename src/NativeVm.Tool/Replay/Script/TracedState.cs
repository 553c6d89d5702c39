using NativeVm.Platform;

namespace NativeVm.Tool.Replay.Script;

/// <summary>What a range of a traced process is.</summary>
/// <param name="Block">The block that stands for it, or -1 for a file's range.</param>
/// <param name="Displacement">What to add to an address (wrapping) to get the offset in the block.</param>
/// <param name="Protection">What may be done to the pages.</param>
/// <param name="IsTouched">Whether the pages have been touched.</param>
internal readonly record struct TracedState(int Block, ulong Displacement, PageProtection Protection, bool IsTouched)
{
    /// <summary>The range belongs to a file; it is remembered only to tell what concerns it.</summary>
    public static TracedState File => new(-1, 0, PageProtection.None, false);

    /// <summary>Whether a block stands for the range.</summary>
    public bool IsReplayed => Block >= 0;
}
