namespace NativeVm.Tool.Drawing;

/// <summary>One line of a picture: a row of cells, or a run of addresses that is told in words to save space.</summary>
/// <param name="Start">The first address.</param>
/// <param name="End">The first address after the line.</param>
/// <param name="Cells">The cells, or null for a run that is told in words.</param>
/// <param name="FoldedKind">What a run that is told in words is: free or reserved.</param>
internal readonly record struct PictureLine(
    ulong Start, ulong End, IReadOnlyList<PictureCell>? Cells, CellKind FoldedKind)
{
    /// <summary>Length in bytes.</summary>
    public ulong ByteCount => End - Start;
}
