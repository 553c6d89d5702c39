using Spectre.Console;

namespace NativeVm.Tool.Drawing;

/// <summary>
/// The characters and colours of a picture. The character tells how much of a cell is used; the colour tells what
/// it is, or, where there are no colours, a letter does.
/// </summary>
internal sealed class PictureStyle
{
    private readonly bool _hasColour;
    private readonly bool _hasUnicode;

    /// <summary>The style for a console.</summary>
    /// <param name="console">The console.</param>
    public PictureStyle(IAnsiConsole console)
    {
        _hasColour = console.Profile.Capabilities.ColorSystem != ColorSystem.NoColors;
        _hasUnicode = console.Profile.Capabilities.Unicode;
    }

    /// <summary>The character of a cell.</summary>
    /// <param name="cell">The cell.</param>
    public char Character(in PictureCell cell) => cell.Kind switch
    {
        CellKind.Free => ' ',
        CellKind.Reserved => _hasUnicode ? '·' : '-',
        CellKind.ReadOnly when !_hasColour => 'r',
        CellKind.Executable when !_hasColour => 'x',
        _ => Shade(cell.Share),
    };

    /// <summary>The colour of a kind.</summary>
    /// <param name="kind">The kind.</param>
    public static Style Colour(CellKind kind) => kind switch
    {
        CellKind.ReadOnly => new Style(Color.DodgerBlue1),
        CellKind.ReadWrite => new Style(Color.Green3),
        CellKind.Executable => new Style(Color.Orange1),
        _ => new Style(Color.Grey),
    };

    /// <summary>The name of a kind, for the legend.</summary>
    /// <param name="kind">The kind.</param>
    public static string Describe(CellKind kind) => kind switch
    {
        CellKind.Reserved => "reserved",
        CellKind.ReadOnly => "read-only",
        CellKind.ReadWrite => "read-write",
        CellKind.Executable => "executable",
        _ => "free",
    };

    /// <summary>The mark in front of a run that is told in words.</summary>
    public char FoldMark => _hasUnicode ? '⋮' : ':';

    private char Shade(double share) => share switch
    {
        < 0.34 => _hasUnicode ? '░' : '.',
        < 0.67 => _hasUnicode ? '▒' : '+',
        < 0.999 => _hasUnicode ? '▓' : '%',
        _ => _hasUnicode ? '█' : '#',
    };
}
