namespace NativeVm.Tool.Reports.Html.Model;

/// <summary>Labels and what they stand for.</summary>
/// <param name="Facts">The labels and texts.</param>
internal sealed record FactsSection(IReadOnlyList<HtmlFact> Facts) : HtmlSection;
