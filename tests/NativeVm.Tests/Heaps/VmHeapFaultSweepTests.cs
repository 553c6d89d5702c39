using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Heaps;

/// <summary>Every call to the system refused, one after the other and in pairs: the heap is then what it was.</summary>
public sealed unsafe class VmHeapFaultSweepTests
{
    private const FaultPatterns Survivable = FaultPatterns.SingleCall | FaultPatterns.NeighbouringCalls;

    private static readonly FaultSweepOptions[] Systems =
    [
        new() { Patterns = Survivable },
        new()
        {
            Patterns = Survivable,
            CreatePlatform = static () => new SimulatedPlatform(SimulatedPlatformOptions.WindowsLike),
        },
    ];

    // Nothing here touches the contents of blocks: a simulated page has none.
    private static readonly Dictionary<string, Func<State, bool>> Acts = new()
    {
        ["a first block of a size"] = state => state.TryAdd(7_000, 1),
        ["a block of another slab"] = state => state.TryAdd(20_000, 64),
        ["a large block"] = state => state.TryAdd(300_000, 1),
        ["a larger block than the map has reserved"] = state => state.TryAdd(200 << 20, 1),
        ["an aligned block"] = state => state.TryAdd(70_000, 1 << 20),
        ["growing a large block"] = state => state.TryGrow(900_000),
        ["shrinking a large block"] = state => state.TryGrow(100_000) || true,
        ["freeing a large block"] = state => state.FreeLarge(),
        ["trimming"] = state => state.Heap.Trim() < nuint.MaxValue,
    };

    public static TheoryData<string> Operations => [.. Acts.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_refusal_leaves_the_heap_as_it_was(string operation)
    {
        foreach (FaultSweepOptions options in Systems)
        {
            FaultSweep.Run(
                setup: platform => new State(platform),
                act: Acts[operation],
                verify: (state, _) => state.Verify(),
                options);
        }
    }

    [Fact]
    public void Without_memory_for_records_every_operation_says_so_and_changes_nothing()
    {
        FaultInjectingPlatform metadata = new(VmPlatform.Current);
        using VmHeap heap = new(new VmHeapOptions { MetadataPlatform = metadata });
        metadata.Arm(FaultPlan.Calls(1, long.MaxValue / 2));
        nuint count = 0;
        while (count < 5_000_000 && heap.TryAllocate(16 + (count % 500), out _))
        {
            count++;
        }

        Assert.InRange(count, (nuint)0, (nuint)4_999_999);
        Assert.Equal(count, heap.GetStatistics().BlockCount);
        heap.Validate();
        metadata.Disarm();
        Assert.True(heap.TryAllocate(16 + (count % 500), out _));
        heap.Validate();
    }

    [Fact]
    public void A_heap_that_cannot_be_made_leaves_nothing_behind()
    {
        for (int i = 2; i < 24; i++)
        {
            int call = i / 2;
            SimulatedPlatform simulated = new();
            FaultInjectingPlatform platform = new(simulated);
            FaultInjectingPlatform metadata = new(VmPlatform.Current);
            (i % 2 == 0 ? platform : metadata).Arm(FaultPlan.Calls(call, i % 2 == 0 ? 1 : 100));
            try
            {
                using VmHeap heap = new(new VmHeapOptions { Platform = platform, MetadataPlatform = metadata });
                platform.Disarm();
                metadata.Disarm();
            }
            catch (Exception e) when (e is SystemRefusedException or OutOfMemoryException)
            {
                Assert.NotEmpty(e.Message);
            }

            Assert.Equal((nuint)0, simulated.ReservedByteCount);
        }
    }

    private sealed class State : IDisposable
    {
        private readonly List<(nint Block, nuint ByteCount)> _blocks = [];
        private nint _large;

        public State(VmPlatform platform)
        {
            Heap = new VmHeap(new VmHeapOptions { Platform = platform });
            for (int i = 0; i < 50; i++)
            {
                Assert.True(TryAdd((nuint)(i * 40), 1));
            }

            Assert.True(Heap.TryAllocate(500_000, out void* large));
            _large = (nint)large;
        }

        public VmHeap Heap { get; }

        public bool TryAdd(nuint byteCount, nuint alignment)
        {
            bool isDone = Heap.TryAllocateAligned(byteCount, alignment, out void* block);
            if (isDone)
            {
                _blocks.Add(((nint)block, byteCount));
            }

            return isDone;
        }

        public bool TryGrow(nuint byteCount) =>
            Heap.TryResizeInPlace((void*)_large, byteCount) || Heap.GetUsableByteCount((void*)_large) < byteCount;

        public bool FreeLarge()
        {
            if (_large != 0)
            {
                Heap.Free((void*)_large);
                _large = 0;
            }

            return true;
        }

        public void Verify()
        {
            Heap.Validate();
            Assert.Equal((nuint)_blocks.Count + (_large != 0 ? 1u : 0), Heap.GetStatistics().BlockCount);
            foreach ((nint block, nuint byteCount) in _blocks)
            {
                Assert.True(Heap.GetUsableByteCount((void*)block) >= byteCount);
            }
        }

        public void Dispose() => Heap.Dispose();
    }
}
