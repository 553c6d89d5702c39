namespace NativeVm.Tool.Reports.Html.Model;

/// <summary>What a page shows. The page's own script draws it, so these names are part of the page.</summary>
/// <param name="Title">The heading of the page.</param>
/// <param name="Subtitle">One line under it.</param>
/// <param name="Footer">One line at the end.</param>
/// <param name="Groups">What the page shows, from top to bottom.</param>
internal sealed record HtmlReport(string Title, string Subtitle, string Footer, IReadOnlyList<HtmlGroup> Groups);
