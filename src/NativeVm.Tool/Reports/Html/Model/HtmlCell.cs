using System.Text.Json.Serialization;

namespace NativeVm.Tool.Reports.Html.Model;

/// <summary>A cell of a table: a text, a number, or nothing.</summary>
[JsonConverter(typeof(HtmlCellConverter))]
internal readonly record struct HtmlCell
{
    /// <summary>The text, or null.</summary>
    public string? Text { get; private init; }

    /// <summary>The number, or null.</summary>
    public double? Number { get; private init; }

    /// <summary>A cell with a text.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator HtmlCell(string text) => new() { Text = text };

    /// <summary>A cell with a number.</summary>
    /// <param name="number">The number; null for an empty cell.</param>
    public static implicit operator HtmlCell(double? number) => new() { Number = number };
}
