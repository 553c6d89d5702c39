namespace NativeVm.Tool.Profiling.Allocators.Libraries;

/// <summary>Finds the reason in what the runtime says when a library does not load.</summary>
internal static class LibraryErrors
{
    private const string Missing = "No such file or directory";

    /// <summary>The first line that tells a reason, not only that a file is missing; else the first line.</summary>
    /// <param name="message">The message, of many lines.</param>
    public static string FirstReason(string message)
    {
        string[] lines = [.. message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Skip(1)];
        return Array.Find(lines, line => !IsMissing(line)) ?? lines.FirstOrDefault() ?? message.ReplaceLineEndings(" ");
    }

    /// <summary>The reason without the path that it begins with.</summary>
    /// <param name="reason">The reason, or null.</param>
    /// <param name="path">The path.</param>
    public static string Without(string? reason, string path)
    {
        string text = reason ?? "unknown reason";
        return text.StartsWith(path + ": ", StringComparison.Ordinal) ? text[(path.Length + 2)..] : text;
    }

    /// <summary>Whether the reason is only that there is no such file.</summary>
    /// <param name="reason">The reason.</param>
    public static bool IsMissing(string reason) => reason.Contains(Missing, StringComparison.Ordinal);
}
