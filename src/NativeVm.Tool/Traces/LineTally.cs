namespace NativeVm.Tool.Traces;

/// <summary>Counts the lines of a trace: all of them, and those that cannot be used, by reason.</summary>
internal sealed class LineTally
{
    private static readonly SkipReason[] Reasons = Enum.GetValues<SkipReason>();
    private readonly long[] _skipped = new long[Reasons.Length];

    /// <summary>Lines read, empty ones left out.</summary>
    public long LineCount { get; private set; }

    /// <summary>Lines left out, whatever the reason.</summary>
    public long SkippedCount => _skipped.Sum();

    /// <summary>How many lines were left out for a reason.</summary>
    /// <param name="reason">The reason.</param>
    public long this[SkipReason reason] => _skipped[(int)reason];

    /// <summary>The reasons that occurred, the most frequent first.</summary>
    public IEnumerable<(SkipReason Reason, long Count)> Skipped() => Reasons
        .Select(reason => (Reason: reason, Count: this[reason]))
        .Where(pair => pair.Count != 0)
        .OrderByDescending(pair => pair.Count)
        .ThenBy(pair => pair.Reason);

    /// <summary>Counts a line that was read.</summary>
    public void AddLine() => LineCount++;

    /// <summary>Counts a line as left out.</summary>
    /// <param name="reason">Why.</param>
    public void Skip(SkipReason reason) => _skipped[(int)reason]++;

    /// <summary>The words that people read for a reason.</summary>
    /// <param name="reason">The reason.</param>
    public static string Describe(SkipReason reason) => reason switch
    {
        SkipReason.File => "file mapping",
        SkipReason.Break => "program break",
        SkipReason.UnknownAddress => "unknown address",
        SkipReason.Advice => "advice",
        SkipReason.Failed => "failed call",
        SkipReason.Unfinished => "unfinished call",
        SkipReason.Resumed => "end without beginning",
        SkipReason.OtherCall => "other call",
        SkipReason.Note => "signal or exit",
        SkipReason.ImpossibleRange => "impossible range",
        _ => "unreadable line",
    };

    /// <summary>The key of a reason in JSON.</summary>
    /// <param name="reason">The reason.</param>
    public static string Key(SkipReason reason) =>
        System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(reason.ToString());
}
