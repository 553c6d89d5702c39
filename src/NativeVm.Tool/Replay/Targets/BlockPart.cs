namespace NativeVm.Tool.Replay.Targets;

/// <summary>A part of a block, where the block lies.</summary>
/// <param name="BlockAddress">Where the target put the block.</param>
/// <param name="Offset">Where in the block the part begins, in bytes.</param>
/// <param name="ByteCount">The length of the part, in bytes.</param>
/// <param name="EndsBlock">Whether nothing is left of the block without the part.</param>
internal readonly record struct BlockPart(nuint BlockAddress, nuint Offset, nuint ByteCount, bool EndsBlock)
{
    /// <summary>The address of the part.</summary>
    public nuint Address => BlockAddress + Offset;
}
