using System.Runtime.InteropServices;

namespace NativeVm.Pools;

/// <summary>What a pool keeps of a block, apart from it. All zero until the block's first life.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SlotRecord
{
    /// <summary>The end of the list.</summary>
    public const uint None = uint.MaxValue;

    /// <summary>Rises when a life begins and when it ends, so that it is odd while the block is live.</summary>
    public uint Generation;

    /// <summary>The next free block, when this one is free.</summary>
    public uint NextFree;
}
