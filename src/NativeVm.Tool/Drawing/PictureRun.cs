namespace NativeVm.Tool.Drawing;

/// <summary>A run of addresses that are all the same.</summary>
/// <param name="Start">The first address.</param>
/// <param name="End">The first address after the run.</param>
/// <param name="Kind">What they are.</param>
/// <param name="Share">How much of them is used, from 0 to 1: resident, or live.</param>
internal readonly record struct PictureRun(ulong Start, ulong End, CellKind Kind, double Share = 1)
{
    /// <summary>Length in bytes.</summary>
    public ulong ByteCount => End - Start;
}
