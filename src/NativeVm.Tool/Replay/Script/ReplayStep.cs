using NativeVm.Platform;

namespace NativeVm.Tool.Replay.Script;

/// <summary>
/// One step of a replay, in terms of blocks: what one mapping of the trace became, wherever the target put it.
/// </summary>
/// <param name="Kind">What to do.</param>
/// <param name="Protection">The protection that the pages get; for an unmapping, none.</param>
/// <param name="EndsBlock">Whether nothing is left of the block after this step.</param>
/// <param name="Block">The number of the block.</param>
/// <param name="Offset">Where in the block the part begins, in bytes, a multiple of the page size.</param>
/// <param name="ByteCount">The length of the part, in bytes, a multiple of the page size, not 0.</param>
internal readonly record struct ReplayStep(
    ReplayStepKind Kind, PageProtection Protection, bool EndsBlock, int Block, nuint Offset, nuint ByteCount);
