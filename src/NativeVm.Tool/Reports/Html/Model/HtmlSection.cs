using System.Text.Json.Serialization;

namespace NativeVm.Tool.Reports.Html.Model;

/// <summary>A part of a page.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(FactsSection), "facts")]
[JsonDerivedType(typeof(LinesSection), "lines")]
[JsonDerivedType(typeof(BarsSection), "bars")]
[JsonDerivedType(typeof(TableSection), "table")]
[JsonDerivedType(typeof(SpaceSection), "space")]
internal abstract record HtmlSection
{
    /// <summary>The heading.</summary>
    public required string Title { get; init; }

    /// <summary>One line under it, or null.</summary>
    public string? Note { get; init; }
}
