namespace NativeVm.Tool.Reports.Html.Model;

/// <summary>Lines over numbers in ascending order.</summary>
/// <param name="Unit">The unit of the values.</param>
/// <param name="Axis">What the values are.</param>
/// <param name="XLabel">What the numbers are.</param>
/// <param name="Xs">The numbers.</param>
/// <param name="Series">The lines, each with a value for each number.</param>
internal sealed record LinesSection(
    HtmlUnit Unit, string Axis, string XLabel, IReadOnlyList<double> Xs, IReadOnlyList<HtmlSeries> Series) : HtmlSection;
