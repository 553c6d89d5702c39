namespace NativeVm.Tool.Reports.Html.Model;

/// <summary>Values of one name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Values">The values; null where there is none.</param>
internal sealed record HtmlSeries(string Name, IReadOnlyList<double?> Values);
