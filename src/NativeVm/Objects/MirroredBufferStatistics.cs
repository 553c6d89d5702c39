namespace NativeVm;

/// <summary>A picture of a <see cref="MirroredBuffer"/>; figures that change meanwhile may be of different moments.</summary>
/// <param name="ReservedByteCount">Address space in bytes: twice the capacity.</param>
/// <param name="CommittedByteCount">Memory in bytes: the capacity.</param>
/// <param name="AllocatedByteCount">Bytes that have been written and not been read yet.</param>
/// <param name="WrittenByteCount">Bytes that have ever been written.</param>
/// <param name="ReadByteCount">Bytes that have ever been read.</param>
public readonly record struct MirroredBufferStatistics(
    nuint ReservedByteCount,
    nuint CommittedByteCount,
    nuint AllocatedByteCount,
    ulong WrittenByteCount,
    ulong ReadByteCount);
