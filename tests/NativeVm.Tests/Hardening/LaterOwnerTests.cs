using System.Buffers;

namespace NativeVm.Tests.Hardening;

/// <summary>
/// Whoever gets memory reads zeros, whatever was in it, unless memory that is not cleared was asked for: one row for
/// each type that hands out memory.
/// </summary>
public sealed unsafe class LaterOwnerTests
{
    private const nuint Most = 96 << 10;

    public static TheoryData<string> Kinds =>
    [
        "map", "pages", "heap", "heap, small", "arena", "arena of two ends", "frame arena", "pool", "frames", "frames given back", "array", "memory pool",
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Memory_is_never_read_by_a_later_owner(string kind)
    {
        using Owner owner = Make(kind);
        bool isReused = false;
        HashSet<nuint> seen = [];
        for (int round = 0; round < 6; round++)
        {
            for (int i = 0; i < 8; i++)
            {
                Span<byte> bytes = owner.Take();
                Assert.False(bytes.ContainsAnyExcept((byte)0), $"{kind}, round {round}");
                bytes.Fill(0xa5);
                fixed (byte* start = bytes)
                {
                    isReused |= !seen.Add((nuint)start);
                }
            }

            owner.GiveBackAll();
        }

        Assert.True(isReused, "No memory came twice: the test has tested nothing.");
    }

    private static Owner Make(string kind)
    {
        switch (kind)
        {
            case "map":
                VmMap map = new(new VmMapOptions { ByteCount = 64 << 20 });
                return new(
                    () => map.Find(Most, VmEntryAttributes.ReadWrite, out nuint address).IsSuccess ? address : 0,
                    address => map.Remove(address, Most).ThrowIfFailed(),
                    map);
            case "pages":
                PageAllocator pages = new(new PageAllocatorOptions());
                return new(() => pages.Allocate(Most), pages.Free, pages);
            case "heap" or "heap, small":
                VmHeap heap = new(new VmHeapOptions());
                nuint byteCount = kind == "heap" ? Most : 200;
                return new(() => (nuint)heap.AllocateZeroed(byteCount), address => heap.Free((void*)address), heap) { ByteCount = byteCount };
            case "arena":
                LinearArena arena = new(new LinearArenaOptions { ByteCount = 64 << 20 });
                return new(() => arena.Allocate(Most), null, arena) { Reset = arena.Reset };
            case "arena of two ends":
                DoubleEndedArena ends = new(new DoubleEndedArenaOptions { ByteCount = 64 << 20 });
                return new(() => ends.AllocateHigh(Most), null, ends) { Reset = ends.Reset };
            case "frame arena":
                FrameArena frameArena = new(new FrameArenaOptions { FrameByteCount = 4 << 20 });
                return new(() => frameArena.Allocate(Most), null, frameArena) { Reset = () => frameArena.AdvanceFrame() };
            case "pool":
                BlockPool pool = new(new BlockPoolOptions { BlockByteCount = 1000, Capacity = 1000 });
                return new(() => pool.Allocate(out _), pool.Free, pool) { ByteCount = 1000 };
            case "frames" or "frames given back":
                FramePool frames = new(new FramePoolOptions { FrameByteCount = 16 << 10, FrameCount = 100 });
                return new(
                    () => frames.GetAddress(frames.Allocate()),
                    address =>
                    {
                        Assert.True(frames.TryGetFrame(address, out uint frame));
                        Assert.True(kind == "frames" ? frames.TryFree(frame) : frames.TryFreeAndGiveBack(frame));
                    },
                    frames)
                { ByteCount = 16 << 10 };
            case "array":
                VirtualArray<byte> array = new(new VirtualArrayOptions { Capacity = 64 << 20 });
                return new(() => array.BaseAddress + array.AddZeroed(Most), null, array) { Reset = () => array.Truncate(0).ThrowIfFailed() };
            default:
                VmMemoryPool<byte> memory = new(new VmMemoryPoolOptions { IsZeroed = true });
                Dictionary<nuint, IMemoryOwner<byte>> owners = [];
                return new(
                    () =>
                    {
                        IMemoryOwner<byte> rented = memory.Rent((int)Most);
                        nuint address = ((VmMemoryManager<byte>)rented).Address;
                        owners.Add(address, rented);
                        return address;
                    },
                    address =>
                    {
                        owners[address].Dispose();
                        owners.Remove(address);
                    },
                    memory);
        }
    }

    private sealed class Owner(Func<nuint> take, Action<nuint>? free, IDisposable owned) : IDisposable
    {
        private readonly List<nuint> _taken = [];

        public nuint ByteCount { get; init; } = Most;

        public Action Reset { get; init; } = static () => { };

        public Span<byte> Take()
        {
            nuint address = take();
            Assert.NotEqual((nuint)0, address);
            _taken.Add(address);
            return new((void*)address, (int)ByteCount);
        }

        public void GiveBackAll()
        {
            if (free is not null)
            {
                _taken.ForEach(free);
            }

            _taken.Clear();
            Reset();
        }

        public void Dispose() => owned.Dispose();
    }
}
