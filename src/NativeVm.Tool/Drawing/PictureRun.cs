namespace NativeVm.Tool.Drawing;

/// <summary>A run of addresses that are all the same.</summary>
/// <param name="Start">The first address.</param>
/// <param name="End">The first address after the run.</param>
/// <param name="Kind">What they are.</param>
internal readonly record struct PictureRun(ulong Start, ulong End, CellKind Kind)
{
    /// <summary>Length in bytes.</summary>
    public ulong ByteCount => End - Start;
}
