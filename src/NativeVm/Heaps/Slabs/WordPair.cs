using System.Runtime.InteropServices;

namespace NativeVm.Heaps;

/// <summary>What is free among 64 neighbouring blocks, side by side in one cache line.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WordPair
{
    /// <summary>
    /// The blocks that the owner may hand out, those that it has freed last left out; written by the owner only. While the word is the owner's current one
    /// the truth is in <see cref="SizeBin.Bits"/>, and this has every bit of it, and perhaps more.
    /// </summary>
    public ulong Free;

    /// <summary>The blocks that other threads have freed and the owner has not collected; changed atomically.</summary>
    public ulong Remote;
}
