using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>A call that is about to be made, as a <see cref="FaultPlan"/> sees it.</summary>
/// <param name="Ordinal">Its place among the calls counted since the plan was armed; the first is 1.</param>
/// <param name="OperationOrdinal">Its place among those of the same operation; the first is 1.</param>
/// <param name="Operation">What is asked.</param>
/// <param name="Address">
/// Start of the range; 0 for a reservation wherever the system likes, the lower bound for one inside bounds.
/// </param>
/// <param name="ByteCount">Length of the range in bytes; 0 for queries of an address or of the process.</param>
public readonly record struct SystemCall(
    long Ordinal, long OperationOrdinal, SystemOperation Operation, nuint Address, nuint ByteCount)
{
    /// <summary>
    /// Which of the platforms that count together the call is for, as they were told; empty for the first.
    /// </summary>
    public string? Source { get; init; }
}
