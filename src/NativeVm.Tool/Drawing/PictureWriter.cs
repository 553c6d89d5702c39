using System.Globalization;
using NativeVm.Tool.Reports;
using Spectre.Console;

namespace NativeVm.Tool.Drawing;

/// <summary>Writes a picture to a console, as wide as the console is.</summary>
internal static class PictureWriter
{
    private const int AddressWidth = 12;
    private const int WidthForSecondAddress = 76;
    private const int NarrowestRow = 8;
    private const int Height = 10;

    /// <summary>Draws used ranges and writes the picture with its legend.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="used">The ranges that are not free, in address order.</param>
    public static void Write(IAnsiConsole console, IReadOnlyList<PictureRun> used)
    {
        if (used.Count == 0)
        {
            console.WriteLine("Nothing is mapped.");
            return;
        }

        bool hasSecondAddress = console.Profile.Width >= WidthForSecondAddress;
        int margins = (AddressWidth + 1) * (hasSecondAddress ? 2 : 1);
        int width = Math.Max(NarrowestRow, console.Profile.Width - margins - 1);
        MapPicture picture = MapPicture.Draw(used, width, Height);
        PictureStyle style = new(console);
        foreach (PictureLine line in picture.Lines)
        {
            console.Write(line.Cells is null ? Fold(line, style) : Row(line, style, width, hasSecondAddress));
        }

        console.Write(Legend(picture, style));
    }

    private static Paragraph Row(in PictureLine line, PictureStyle style, int width, bool hasSecondAddress)
    {
        Style margin = PictureStyle.Colour(CellKind.Free);
        Paragraph text = new();
        text.Append($"{Address(line.Start)} ", margin);
        IReadOnlyList<PictureCell> cells = line.Cells!;
        for (int i = 0; i < cells.Count;)
        {
            int first = i;
            CellKind kind = cells[first].Kind;
            while (i < cells.Count && cells[i].Kind == kind)
            {
                i++;
            }

            IEnumerable<char> characters = cells.Skip(first).Take(i - first).Select(cell => style.Character(cell));
            text.Append(string.Concat(characters), PictureStyle.Colour(kind));
        }

        if (hasSecondAddress)
        {
            text.Append(new string(' ', width - cells.Count) + " " + Address(line.End), margin);
        }

        text.Append("\n");
        return text;
    }

    private static Paragraph Fold(in PictureLine line, PictureStyle style)
    {
        string margin = new(' ', AddressWidth);
        string words = $"{Quantity.Bytes(line.ByteCount)} {PictureStyle.Describe(line.FoldedKind)}";
        return new Paragraph($"{margin} {style.FoldMark} {words}\n", PictureStyle.Colour(CellKind.Free));
    }

    private static Paragraph Legend(MapPicture picture, PictureStyle style)
    {
        Paragraph text = new();
        text.Append(new string(' ', AddressWidth + 1));
        foreach (CellKind kind in picture.Kinds.Where(kind => kind != CellKind.Free).OrderDescending())
        {
            text.Append(style.Character(new PictureCell(kind, 1)).ToString(), PictureStyle.Colour(kind));
            text.Append($" {PictureStyle.Describe(kind)}  ");
        }

        text.Append($"each cell {Quantity.Bytes(picture.CellByteCount)}\n", PictureStyle.Colour(CellKind.Free));
        return text;
    }

    private static string Address(ulong address) => address.ToString("x12", CultureInfo.InvariantCulture);
}
