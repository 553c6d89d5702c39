namespace NativeVm.Tool.Reports.Html.Model;

/// <summary>Address spaces through time, one below the other.</summary>
/// <param name="XLabel">What the moments are.</param>
/// <param name="Xs">The moments, in ascending order.</param>
/// <param name="Lanes">The address spaces.</param>
internal sealed record SpaceSection(string XLabel, IReadOnlyList<double> Xs, IReadOnlyList<SpaceLane> Lanes) : HtmlSection
{
    /// <summary>The moment that is shown first; null for the last.</summary>
    public int? Frame { get; init; }

    /// <summary>What the seventh number of a rectangle stands for; null when rectangles have six.</summary>
    public IReadOnlyList<string>? Labels { get; init; }
}
