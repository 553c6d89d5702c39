namespace NativeVm.Tool.Reports.Html.Model;

/// <summary>A label and what it stands for.</summary>
/// <param name="Label">The label.</param>
/// <param name="Text">The text.</param>
internal readonly record struct HtmlFact(string Label, string Text);
