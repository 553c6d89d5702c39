using System.Globalization;
using NativeVm.Tool.Reports;

namespace NativeVm.Tool.Commands;

/// <summary>Reads what the options of <c>nativevm profile</c> are given.</summary>
internal static class ProfileOptions
{
    private const ulong LargestSize = 1UL << 30;
    private const int MostLive = 10_000_000;
    private const int MostThreads = 256;

    /// <summary>The parts of lists with commas.</summary>
    /// <param name="values">The lists.</param>
    public static string[] Names(string[]? values)
    {
        const StringSplitOptions Tidy = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        return [.. (values ?? []).SelectMany(value => value.Split(',', Tidy))];
    }

    /// <summary>A length to allocate.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ToolException">It is none.</exception>
    public static ulong ParseSize(string text) => !SizeText.TryParse(text, out ulong size)
        ? throw ToolException.BadInput($"'{text}' is no size; write 4096, 64K or 1M.")
        : size > LargestSize
            ? throw ToolException.BadInput($"{text} is more than {Quantity.Bytes(LargestSize)}, the most that is allocated at once.")
            : size;

    /// <summary>A number of live things.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ToolException">It is none.</exception>
    public static int ParseLive(string text) => ParseCount(text, "--live", MostLive);

    /// <summary>A number of threads.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ToolException">It is none.</exception>
    public static int ParseThreads(string text) => ParseCount(text, "--threads", MostThreads);

    /// <summary>A time.</summary>
    /// <param name="text">The text, or null.</param>
    /// <param name="usual">What it is when there is no text, in seconds.</param>
    /// <param name="most">The longest, in seconds.</param>
    /// <exception cref="ToolException">It is none.</exception>
    public static TimeSpan ParseSeconds(string? text, double usual, double most) => text is null
        ? TimeSpan.FromSeconds(usual)
        : double.TryParse(text, CultureInfo.InvariantCulture, out double seconds) && seconds > 0 && seconds <= most
            ? TimeSpan.FromSeconds(seconds)
            : throw ToolException.BadInput($"--seconds takes a number above 0 and up to {most}.");

    /// <summary>A share, written as <c>10%</c> or <c>0.1</c>.</summary>
    /// <param name="text">The text, or null.</param>
    /// <param name="usual">What it is when there is no text.</param>
    /// <exception cref="ToolException">It is none.</exception>
    public static double ParseThreshold(string? text, double usual)
    {
        if (text is null)
        {
            return usual;
        }

        string number = text.TrimEnd('%', ' ');
        return double.TryParse(number, CultureInfo.InvariantCulture, out double share) && share >= 0 && double.IsFinite(share)
            ? text.Contains('%', StringComparison.Ordinal) ? share / 100 : share
            : throw ToolException.BadInput("--threshold takes a share such as 10% or 0.1.");
    }

    private static int ParseCount(string text, string option, int most) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out int count) && count >= 1 && count <= most
            ? count
            : throw ToolException.BadInput($"{option} takes numbers from 1 to {Quantity.Count(most)}.");
}
