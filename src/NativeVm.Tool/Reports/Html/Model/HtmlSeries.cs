namespace NativeVm.Tool.Reports.Html.Model;

/// <summary>Values of one name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Values">The values; null where there is none.</param>
internal sealed record HtmlSeries(string Name, IReadOnlyList<double?> Values)
{
    /// <summary>
    /// The number of its colour, below 8, so that one allocator has one colour in all charts; null for its place.
    /// </summary>
    public int? Tone { get; init; }
}
