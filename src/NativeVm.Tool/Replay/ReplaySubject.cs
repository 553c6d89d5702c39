using NativeVm.Platform;
using NativeVm.Tool.Commands;
using NativeVm.Tool.Replay.Script;
using NativeVm.Tool.Traces;
using NativeVm.Tool.Traces.Malloc;

namespace NativeVm.Tool.Replay;

/// <summary>What is replayed of a trace of either kind.</summary>
internal sealed class ReplaySubject
{
    private ReplaySubject(AnyTrace trace, ReplayScript? script)
    {
        Trace = trace;
        Script = script;
    }

    /// <summary>The trace.</summary>
    public AnyTrace Trace { get; }

    /// <summary>What is replayed of memory calls; null for heap calls, which are replayed as they are.</summary>
    public ReplayScript? Script { get; }

    /// <summary>Whether it is of heap calls.</summary>
    public bool IsHeap => Trace.Heap is not null;

    /// <summary>Steps in all.</summary>
    public int StepCount => Script?.Steps.Length ?? Trace.Heap!.Steps.Length;

    /// <summary>The most bytes that are touched at once.</summary>
    public ulong PeakTouchedByteCount => Script?.PeakTouchedByteCount ?? Trace.Heap!.PeakByteCount;

    /// <summary>Bytes of pages to touch in all, for memory calls.</summary>
    public ulong TouchedByteCount => Script?.TouchedByteCount ?? 0;

    /// <summary>Makes a trace ready.</summary>
    /// <param name="trace">The trace.</param>
    /// <exception cref="ToolException">There is nothing in it to replay.</exception>
    public static ReplaySubject Prepare(AnyTrace trace)
    {
        ReplayScript? script = trace.Memory is null
            ? null
            : ScriptBuilder.Build(trace.Memory, VmPlatform.Current.PageSize);
        ReplaySubject subject = new(trace, script);
        return subject.StepCount != 0
            ? subject
            : throw ToolException.BadInput(
                $"{trace.Name} {(subject.IsHeap ? "allocates nothing" : "maps no anonymous memory")}, "
                + "so there is nothing to replay.");
    }

    /// <summary>One line that tells what is replayed.</summary>
    public string Describe()
    {
        (long Count, string One, string Many)[] counts = Trace.Heap is { } heap
            ?
            [
                (heap.Count(MallocStepKind.Allocate), "allocation", "allocations"),
                (heap.Count(MallocStepKind.AllocateAligned), "aligned allocation", "aligned allocations"),
                (heap.Count(MallocStepKind.Resize), "resize", "resizes"),
                (heap.Count(MallocStepKind.Free), "free", "frees"),
            ]
            :
            [
                (Script!.Count(ReplayStepKind.Map), "mapping", "mappings"),
                (Script.Count(ReplayStepKind.Replace), "replacement", "replacements"),
                (Script.Count(ReplayStepKind.Protect), "change of protection", "changes of protection"),
                (Script.Count(ReplayStepKind.Discard), "discard", "discards"),
                (Script.Count(ReplayStepKind.Unmap), "unmapping", "unmappings"),
            ];
        IEnumerable<string> texts = counts
            .Where(count => count.Count != 0)
            .Select(count => Reports.Quantity.Count(count.Count, count.One, count.Many));
        string bytes = IsHeap
            ? $"{Reports.Quantity.Bytes(PeakTouchedByteCount)} live at most"
            : $"{Reports.Quantity.Bytes(TouchedByteCount)} of pages to touch";
        return $"{string.Join(", ", texts)}; {bytes}";
    }
}
