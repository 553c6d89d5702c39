namespace NativeVm.Platform;

/// <summary>What a child process made by <c>fork(2)</c> sees of a range, after <c>minherit(2)</c>.</summary>
public enum PageInheritance : byte
{
    /// <summary>A copy of its own, made page by page at the first write.</summary>
    Copy,

    /// <summary>The same pages: what one of the two processes writes, the other reads.</summary>
    Share,

    /// <summary>Nothing: the addresses are free in the child.</summary>
    None,
}
