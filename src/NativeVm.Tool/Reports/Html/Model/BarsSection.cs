namespace NativeVm.Tool.Reports.Html.Model;

/// <summary>A cluster of bars for each category, a bar in it for each series.</summary>
/// <param name="Unit">The unit of the values.</param>
/// <param name="Axis">What the values are.</param>
/// <param name="XLabel">What the categories are.</param>
/// <param name="Categories">The categories.</param>
/// <param name="Series">The bars, a value for each category.</param>
internal sealed record BarsSection(
    HtmlUnit Unit, string Axis, string XLabel, IReadOnlyList<string> Categories, IReadOnlyList<HtmlSeries> Series)
    : HtmlSection
{
    /// <summary>Whether the axis is logarithmic.</summary>
    public bool IsLogarithmic { get; init; }
}
