using NativeVm.Tool.Commands;
using NativeVm.Tool.Profiling.Allocators;
using NativeVm.Tool.Profiling.Allocators.Libraries;
using NativeVm.Tool.Replay.Lanes;
using NativeVm.Tool.Traces;
using NativeVm.Tool.Traces.Malloc;

namespace NativeVm.Tool.Replay.Heaps;

/// <summary>One malloc trace through one heap, in this process.</summary>
internal static class HeapReplay
{
    /// <summary>The name of the C library's heap.</summary>
    public const string SystemHeap = "NativeMemory";

    private static readonly Dictionary<string, Func<IHeapTarget>> BuiltIn = new(StringComparer.Ordinal)
    {
        [ReplayLane.Ours] = () => new AllocatorHeap<VmHeapAllocator>(VmHeapAllocator.Create()),
        [SystemHeap] = () => new AllocatorHeap<NativeMemoryAllocator>(default),
    };

    private const int WarmUpBlocks = 2_000;
    private const int WarmUpRounds = 20;
    private const int WarmUpMilliseconds = 300;

    /// <summary>The heaps that a trace goes through when none are named.</summary>
    public static IReadOnlyList<string> Default { get; } = [ReplayLane.Ours, SystemHeap];

    /// <summary>Replays a trace.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="lane">The heap, and whether pages are touched.</param>
    /// <param name="cancellation">Ends the work before the trace itself.</param>
    /// <exception cref="ToolException">There is no such heap.</exception>
    public static ReplayRun Run(MallocTrace trace, ReplayLane lane, CancellationToken cancellation)
    {
        (string name, Func<IHeapTarget> create) = Find(lane.Allocator);
        ReplayOptions options = lane.Options();

        // The code on the way is compiled by a heap of its own; what it leaves in this process's heap is little.
        MallocTrace small = WarmUpTrace();
        long start = Environment.TickCount64;
        do
        {
            HeapReplayEngine.Run(small, name, create, options);
            cancellation.ThrowIfCancellationRequested();
        }
        while (Environment.TickCount64 - start < WarmUpMilliseconds);

        return HeapReplayEngine.Run(trace, name, create, options);
    }

    /// <summary>The name of a heap as a lane takes it.</summary>
    /// <param name="name">The name as the command line has it: of a heap, or of a malloc library.</param>
    /// <returns>Null for what is no heap.</returns>
    /// <exception cref="ToolException">It is the path of a library that is not there.</exception>
    public static string? Resolve(string name)
    {
        string? known = BuiltIn.Keys.FirstOrDefault(heap => heap.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (known is not null || name.Equals(ReplayLane.System, StringComparison.OrdinalIgnoreCase))
        {
            return known;
        }

        LibraryName library = LibraryName.Parse(name);
        return library.Path is null ? library.Name : $"{library.Name}={library.Path}";
    }

    private static (string Name, Func<IHeapTarget> Create) Find(string name)
    {
        if (BuiltIn.TryGetValue(name, out Func<IHeapTarget>? create))
        {
            return (name, create);
        }

        LibraryName library = LibraryName.Parse(name);
        MallocLibrary loaded = MallocLibrary.Load(library);
        return (library.Name, () => new AllocatorHeap<LibraryAllocator>(new LibraryAllocator(loaded)));
    }

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
