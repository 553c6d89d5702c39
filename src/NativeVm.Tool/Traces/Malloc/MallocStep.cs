namespace NativeVm.Tool.Traces.Malloc;

/// <summary>One step of a malloc trace, 16 bytes.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="AlignmentShift">The alignment as a power of two, for <see cref="MallocStepKind.AllocateAligned"/>.</param>
/// <param name="Slot">
/// Stands for the pointer: below <see cref="MallocTrace.SlotCount"/>, empty before an allocation and after a free.
/// </param>
/// <param name="ByteCount">The length asked for, in bytes; 0 is allowed, and is what a free has.</param>
internal readonly record struct MallocStep(MallocStepKind Kind, byte AlignmentShift, int Slot, ulong ByteCount)
{
    /// <summary>The alignment in bytes.</summary>
    public ulong Alignment => 1UL << AlignmentShift;
}
