namespace NativeVm;

/// <summary>A picture of a <see cref="PersistentArena"/>.</summary>
/// <param name="ReservedByteCount">Address space in bytes.</param>
/// <param name="CommittedByteCount">Bytes of the file that are mapped.</param>
/// <param name="AllocatedByteCount">Bytes that have been allocated, alignment included.</param>
/// <param name="FlushedByteCount">Of these, bytes that were allocated at the last flush.</param>
public readonly record struct PersistentArenaStatistics(
    nuint ReservedByteCount, nuint CommittedByteCount, nuint AllocatedByteCount, nuint FlushedByteCount);
