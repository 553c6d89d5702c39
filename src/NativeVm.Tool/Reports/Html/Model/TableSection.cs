namespace NativeVm.Tool.Reports.Html.Model;

/// <summary>A table that sorts.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">The rows, a cell for each column.</param>
internal sealed record TableSection(IReadOnlyList<HtmlColumn> Columns, IReadOnlyList<IReadOnlyList<HtmlCell>> Rows)
    : HtmlSection;
