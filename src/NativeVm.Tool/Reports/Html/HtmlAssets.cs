namespace NativeVm.Tool.Reports.Html;

/// <summary>The files that a page is made of, which are in the assembly.</summary>
internal static class HtmlAssets
{
    private const string Prefix = "NativeVm.Tool.Reports.Html.Assets.";

    /// <summary>The text of a file.</summary>
    /// <param name="name">Its name, folders with dots.</param>
    public static string Read(string name)
    {
        using Stream stream = typeof(HtmlAssets).Assembly.GetManifestResourceStream(Prefix + name)
            ?? throw new InvalidOperationException($"The assembly has no resource {name}.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
