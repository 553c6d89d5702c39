namespace NativeVm.Tool.Reports.Html.Model;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Unit">The unit of its cells.</param>
internal readonly record struct HtmlColumn(string Name, HtmlUnit Unit);
