using System.Runtime.InteropServices;

namespace NativeVm;

/// <summary>
/// One life of one block of a <see cref="BlockPool"/>: the block's number and the life's. When the block is freed the
/// handle is stale for good, although the block is used again. The default value is no block's.
/// </summary>
/// <remarks>Eight bytes; it may be kept in native memory and compared. Equal handles are the same life of the same block.</remarks>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct BlockHandle
{
    internal BlockHandle(uint slot, uint generation)
    {
        Slot = slot;
        Generation = generation;
    }

    /// <summary>Whether it is the default value, which no pool hands out.</summary>
    public bool IsDefault => Generation == 0;

    /// <summary>The number of the block in its pool.</summary>
    public uint Slot { get; }

    internal uint Generation { get; }

    /// <summary>Number and life, for people to read.</summary>
    public override string ToString() => IsDefault ? "no block" : $"block {Slot}, life {Generation:x8}";
}
