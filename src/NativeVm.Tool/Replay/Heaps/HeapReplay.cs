using NativeVm.Tool.Commands;
using NativeVm.Tool.Replay.Lanes;
using NativeVm.Tool.Traces;
using NativeVm.Tool.Traces.Malloc;

namespace NativeVm.Tool.Replay.Heaps;

/// <summary>One malloc trace through one heap, in this process.</summary>
internal static class HeapReplay
{
    /// <summary>The name of the C library's heap.</summary>
    public const string SystemHeap = "NativeMemory";

    private const int WarmUpBlocks = 2_000;
    private const int WarmUpRounds = 20;
    private const int WarmUpMilliseconds = 300;

    /// <summary>The heaps that a trace goes through when none are named.</summary>
    public static IReadOnlyList<string> Default { get; } = [SystemHeap];

    /// <summary>Replays a trace.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="lane">The heap, and whether pages are touched.</param>
    /// <param name="cancellation">Ends the work before the trace itself.</param>
    /// <exception cref="ToolException">There is no such heap.</exception>
    public static ReplayRun Run(MallocTrace trace, ReplayLane lane, CancellationToken cancellation)
    {
        Func<IHeapTarget> create = Find(lane.Allocator);
        ReplayOptions options = lane.Options();

        // The code on the way is compiled by a heap of its own; what it leaves in this process's heap is little.
        MallocTrace small = WarmUpTrace();
        long start = Environment.TickCount64;
        do
        {
            HeapReplayEngine.Run(small, lane.Allocator, create, options);
            cancellation.ThrowIfCancellationRequested();
        }
        while (Environment.TickCount64 - start < WarmUpMilliseconds);

        return HeapReplayEngine.Run(trace, lane.Allocator, create, options);
    }

    /// <summary>The name of a heap as a lane takes it.</summary>
    /// <param name="name">The name as the command line has it.</param>
    /// <returns>Null for what is no heap.</returns>
    public static string? Resolve(string name) =>
        name.Equals(SystemHeap, StringComparison.OrdinalIgnoreCase) ? SystemHeap : null;

    private static Func<IHeapTarget> Find(string name) => name switch
    {
        SystemHeap => () => new NativeMemoryHeap(),
        _ => throw ToolException.BadInput($"'{name}' is no heap."),
    };

    private static MallocTrace WarmUpTrace()
    {
        List<MallocStep> steps = [];
        for (int round = 0; round < WarmUpRounds; round++)
        {
            for (int slot = 0; slot < WarmUpBlocks; slot++)
            {
                bool isAligned = slot % 16 == 0;
                steps.Add(new MallocStep(
                    isAligned ? MallocStepKind.AllocateAligned : MallocStepKind.Allocate,
                    isAligned ? (byte)6 : (byte)0,
                    slot,
                    (ulong)(16 + (slot % 100))));
                steps.Add(new MallocStep(MallocStepKind.Resize, 0, slot, (ulong)(32 + (slot % 100))));
            }

            for (int slot = 0; slot < WarmUpBlocks; slot++)
            {
                steps.Add(new MallocStep(MallocStepKind.Free, 0, slot, 0));
            }
        }

        return new MallocTrace("warm-up", [.. steps], WarmUpBlocks, WarmUpBlocks * 132, new LineTally(), IsCutOff: false);
    }
}
