namespace NativeVm.Tests.Platform.Windows.Simulated;

/// <summary>Pages side by side of one allocation, in one state, with one protection.</summary>
/// <param name="Start">The first address.</param>
/// <param name="End">The first address after it.</param>
/// <param name="Base">Where the allocation begins.</param>
/// <param name="Kind">What the allocation is.</param>
/// <param name="Protect">The protection; 0 where nothing is committed.</param>
/// <param name="FirstProtect">The protection that the allocation was made with.</param>
internal readonly record struct WindowsRun(
    nuint Start, nuint End, nuint Base, WindowsAllocationKind Kind, uint Protect, uint FirstProtect)
{
    public bool IsCommitted => Protect != 0;

    /// <summary>Whether the two are one run in the eyes of a query.</summary>
    public bool Continues(in WindowsRun lower) =>
        Start == lower.End
        && Base == lower.Base
        && Kind == lower.Kind
        && Protect == lower.Protect;
}
