using NativeVm.Tool.Commands;
using NativeVm.Tool.Replay.Heaps;

namespace NativeVm.Tool.Replay.Lanes;

/// <summary>Which allocators a trace is replayed through.</summary>
internal static class ReplayAllocators
{
    /// <summary>Reads the names of the command line, which commas may part.</summary>
    /// <param name="values">The values of the option.</param>
    public static string[] Parse(string[]? values)
    {
        const StringSplitOptions Tidy = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        return [.. (values ?? []).SelectMany(value => value.Split(',', Tidy)).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The allocators for a trace.</summary>
    /// <param name="subject">What is replayed.</param>
    /// <param name="names">Those that were named; none for the usual ones.</param>
    /// <exception cref="ToolException">A name is that of no allocator, or none is for such a trace.</exception>
    public static IReadOnlyList<string> For(ReplaySubject subject, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return subject.IsHeap ? HeapReplay.Default : ReplayLane.OfMemory;
        }

        string[] fitting =
        [
            .. names
                .Select(name => subject.IsHeap ? HeapReplay.Resolve(name) : ResolveMemory(name))
                .OfType<string>(),
        ];
        return fitting.Length != 0
            ? fitting
            : throw ToolException.BadInput(
                $"{subject.Trace.Name} is a trace of {(subject.IsHeap ? "heap" : "memory")} calls, which none of "
                + $"{string.Join(", ", names)} takes.");
    }

    private static string? ResolveMemory(string name) => ReplayLane.OfMemory
        .FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
}
