namespace NativeVm;

/// <summary>A picture of a <see cref="VmSnapshotRange"/>.</summary>
/// <param name="ReservedByteCount">Address space in bytes: of the range, its snapshots, and the view that merging needs.</param>
/// <param name="CommittedByteCount">
/// Bytes of the memory object, which the range and its snapshots share. What was written since a snapshot, and what
/// later snapshots copied, comes on top and is not known without asking the system.
/// </param>
/// <param name="SnapshotCount">Snapshots that have not been disposed of.</param>
/// <param name="TakenCount">Snapshots that have ever been taken.</param>
/// <param name="CopiedByteCount">Bytes that taking and merging have ever copied, while writers were held off.</param>
public readonly record struct VmSnapshotStatistics(
    nuint ReservedByteCount, nuint CommittedByteCount, int SnapshotCount, long TakenCount, ulong CopiedByteCount);
