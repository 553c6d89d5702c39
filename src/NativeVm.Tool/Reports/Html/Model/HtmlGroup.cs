namespace NativeVm.Tool.Reports.Html.Model;

/// <summary>Sections that belong together: those of one trace share their moment.</summary>
/// <param name="Title">The heading; empty for none.</param>
/// <param name="Note">One line under it; empty for none.</param>
/// <param name="Sections">The sections.</param>
internal sealed record HtmlGroup(string Title, string Note, IReadOnlyList<HtmlSection> Sections);
