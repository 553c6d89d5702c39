using NativeVm.Platform;

namespace NativeVm.Tool.Replay.Script;

/// <summary>A part of a block that is mapped.</summary>
/// <param name="Block">The number of the block.</param>
/// <param name="Offset">Where in the block it begins, in bytes.</param>
/// <param name="ByteCount">Its length, in bytes.</param>
/// <param name="Protection">What may be done to the pages.</param>
/// <param name="IsTouched">Whether all its pages have been touched.</param>
internal readonly record struct ScriptPart(
    int Block, nuint Offset, nuint ByteCount, PageProtection Protection, bool IsTouched);
