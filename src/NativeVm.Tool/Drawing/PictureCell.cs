namespace NativeVm.Tool.Drawing;

/// <summary>One cell of a picture: an equal share of the address space.</summary>
/// <param name="Kind">
/// What most of its memory is; reserved when it has addresses without memory only; free when it has nothing.
/// </param>
/// <param name="Share">How much of the cell has memory (or, in a reserved cell, is reserved), from 0 to 1.</param>
internal readonly record struct PictureCell(CellKind Kind, double Share);
