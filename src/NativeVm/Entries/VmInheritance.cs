namespace NativeVm;

/// <summary>What a child process made by <c>fork</c> sees of an entry; after <c>minherit(2)</c>.</summary>
public enum VmInheritance : byte
{
    /// <summary>A private copy.</summary>
    Copy,

    /// <summary>The same pages.</summary>
    Share,

    /// <summary>Nothing.</summary>
    None,
}
