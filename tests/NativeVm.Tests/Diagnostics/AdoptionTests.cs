using NativeVm.Platform;
using NativeVm.Tests.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Diagnostics;

/// <summary>Everything that has memory tells of it under its name, from its construction to its disposal.</summary>
public sealed class AdoptionTests
{
    private const nuint MiB = 1 << 20;

    public static TheoryData<string> Kinds => [.. Makers.Keys];

    private static Dictionary<string, Func<string, Made>> Makers => new()
    {
        ["map"] = static name =>
        {
            VmMap map = new(new VmMapOptions { ByteCount = 4 * MiB, Name = name });
            map.Find(MiB, VmEntryAttributes.ReadWrite, out _).ThrowIfFailed();
            return new(map, MiB);
        },
        ["pages"] = static name =>
        {
            PageAllocator pages = new(new PageAllocatorOptions { Name = name });
            _ = pages.Allocate(MiB);
            return new(pages, MiB);
        },
        ["heap"] = static name =>
        {
            VmHeap heap = new(new VmHeapOptions { Name = name });
            unsafe
            {
                _ = heap.Allocate(MiB);
            }

            return new(heap, MiB);
        },
        ["arena"] = static name =>
        {
            LinearArena arena = new(new LinearArenaOptions { ByteCount = 4 * MiB, Name = name });
            _ = arena.Allocate(MiB);
            return new(arena, MiB);
        },
        ["double-ended arena"] = static name =>
        {
            DoubleEndedArena arena = new(new DoubleEndedArenaOptions { ByteCount = 4 * MiB, Name = name });
            _ = arena.AllocateLow(1000) + arena.AllocateHigh(1000);
            return new(arena, 2000);
        },
        ["blocks"] = static name =>
        {
            BlockPool pool = new(new BlockPoolOptions { BlockByteCount = 4096, Capacity = 100, Name = name });
            _ = pool.Allocate(out _);
            return new(pool, 4096);
        },
        ["frames"] = static name =>
        {
            FramePool frames = new(new FramePoolOptions { FrameByteCount = VmPlatform.Current.PageSize, FrameCount = 100, Name = name });
            _ = frames.Allocate();
            return new(frames, frames.FrameByteCount);
        },
        ["array"] = static name =>
        {
            VirtualArray<long> array = new(new VirtualArrayOptions { Capacity = 1000, Name = name });
            array.Add(1);
            return new(array, 8);
        },
        ["pool"] = static name =>
        {
            VmMemoryPool<byte> pool = new(new VmMemoryPoolOptions { Name = name });
            _ = pool.TryRent((int)MiB, out VmMemoryManager<byte>? owner);
            return new(pool, MiB, owner);
        },
        ["writer"] = static name =>
        {
            VmBufferWriter writer = new(new VmBufferWriterOptions { MaxByteCount = MiB, Name = name });
            _ = writer.GetSpan(100);
            writer.Advance(100);
            return new(writer, 100);
        },
    };

    public static TheoryData<string> ObjectKinds => [.. ObjectMakers.Keys];

    private static Dictionary<string, Func<string, Made>> ObjectMakers => new()
    {
        ["mirrored"] = static name =>
        {
            MirroredBuffer buffer = new(new MirroredBufferOptions { ByteCount = MiB, Name = name });
            Assert.True(buffer.TryGetWriteSpan(100, out _));
            buffer.AdvanceWriter(100);
            return new(buffer, 100);
        },
        ["persistent"] = static name =>
        {
            // Open, the file needs no name.
            using TemporaryFile file = new();
            PersistentArena arena = PersistentArena.Open(
                new PersistentArenaOptions { Path = file.Path, MaxByteCount = 4 * MiB, Name = name });
            _ = arena.Allocate(1000, 8);
            return new(arena, 1000);
        },
        ["code"] = static name =>
        {
            DualMapping code = new(new DualMappingOptions { ByteCount = MiB, Name = name });
            Assert.True(code.TryEmit(new byte[100], 16, out _));
            return new(code, 100);
        },
        ["snapshots"] = static name => new(new VmSnapshotRange(new VmSnapshotOptions { ByteCount = MiB, Name = name }), 0),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_tells_what_it_holds_until_it_is_disposed_of(string label) => Check(label, Makers[label]);

    [CapabilityTheory(Needs.SharedMemoryObjects | Needs.Posix)]
    [MemberData(nameof(ObjectKinds))]
    public void So_does_what_is_made_of_objects(string label) => Check(label, ObjectMakers[label]);

    private static void Check(string label, Func<string, Made> make)
    {
        string kind = label.Split(' ')[^1];
        string name = $"{nameof(AdoptionTests)} {label}";
        Made made = make(name);
        VmUsage usage = Single(name, kind);
        Assert.True((usage.AllocatedByteCount ?? 0) >= made.Allocated, usage.ToString());
        Assert.True(usage.ReservedByteCount is null || usage.ReservedByteCount >= usage.CommittedByteCount, usage.ToString());
        GC.KeepAlive(made.Rented);
        made.Owner.Dispose();
        Assert.DoesNotContain(VmDiagnostics.GetInstances(), instance => instance.Name == name && instance.Kind == kind);
    }

    private static VmUsage Single(string name, string kind) =>
        Assert.Single(VmDiagnostics.GetInstances(), instance => instance.Name == name && instance.Kind == kind).Usage;

    // What is rented and forgotten goes back when it is collected, so it is held.
    private sealed record Made(IDisposable Owner, nuint Allocated, object? Rented = null);
}
