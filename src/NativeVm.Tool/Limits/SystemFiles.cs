using System.Globalization;

namespace NativeVm.Tool.Limits;

/// <summary>
/// What Linux tells of its memory in small text files; nothing of it need be there: other systems have none, and
/// containers hide some.
/// </summary>
/// <param name="root">The folder that stands for the root of the file system.</param>
internal sealed class SystemFiles(string root = "/")
{
    private const string Unlimited = "unlimited";

    /// <summary>The text of a file, without its last line end; null where it cannot be read.</summary>
    /// <param name="path">Its path from the root on.</param>
    public string? Text(string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, path)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The number that is all that a file holds; null where there is none.</summary>
    /// <param name="path">Its path from the root on.</param>
    public ulong? Number(string path) => Parse(Text(path));

    /// <summary>The choice in brackets, as in <c>always [madvise] never</c>; null where there is none.</summary>
    /// <param name="path">The path of the file from the root on.</param>
    public string? Choice(string path)
    {
        string text = Text(path) ?? string.Empty;
        int start = text.IndexOf('[', StringComparison.Ordinal);
        int end = text.IndexOf(']', start + 1);
        return start >= 0 && end > start ? text[(start + 1)..end] : null;
    }

    /// <summary>A figure of <c>/proc/meminfo</c> in bytes; null where there is none.</summary>
    /// <param name="label">Its label, without the colon.</param>
    public ulong? MemoryInfo(string label)
    {
        string? line = Lines("proc/meminfo").FirstOrDefault(text => text.StartsWith(label + ":", StringComparison.Ordinal));
        string[] words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return words.Length >= 2 && Parse(words[1]) is { } count
            ? words is [_, _, "kB", ..] ? count * 1024 : count
            : null;
    }

    /// <summary>The soft limit of this process (<c>/proc/self/limits</c>); null where there is none or it is unlimited.</summary>
    /// <param name="label">Its label, such as <c>Max locked memory</c>.</param>
    /// <param name="isUnlimited">Whether it is there and unlimited.</param>
    public ulong? ProcessLimit(string label, out bool isUnlimited)
    {
        string? line = Lines("proc/self/limits").FirstOrDefault(text => text.StartsWith(label, StringComparison.Ordinal));
        string value = line?[label.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? string.Empty;
        isUnlimited = value == Unlimited;
        return Parse(value);
    }

    private static ulong? Parse(string? text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : null;

    private string[] Lines(string path) => Text(path)?.Split('\n') ?? [];
}
