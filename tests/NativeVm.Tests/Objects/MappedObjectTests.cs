using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Objects;

/// <summary>Files and shared memory in a map: where they are put, what replaces them, and what is wrong with them.</summary>
public sealed unsafe class MappedObjectTests
{
    private const nuint KiB64 = 64 << 10;

    private static readonly VmPlatform System = VmPlatform.Current;

    [CapabilityFact(Needs.Placeholders | Needs.Posix)]
    public void A_file_is_mapped_from_an_offset_on_shared_or_copied()
    {
        byte[] contents = new byte[4 * KiB64];
        new Random(1).NextBytes(contents);
        using TemporaryFile file = new(contents);
        using VmMap map = new(new VmMapOptions { ByteCount = 1 << 20 });
        System.OpenFile(file.Path, MemoryObjectAccess.ReadWrite, 0, out MemoryObjectHandle? handle).ThrowIfRefused();
        using MemoryObjectHandle source = handle!;
        map.MapObject(2 * KiB64, 1, source, KiB64, PageProtection.ReadWrite, MappingSharing.Shared, 0, out nuint shared).ThrowIfFailed();
        map.MapObject(KiB64, 1, source, 2 * KiB64, PageProtection.ReadWrite, MappingSharing.CopyOnWrite, 0, out nuint copied).ThrowIfFailed();
        Assert.True(new Span<byte>((void*)shared, 2 * (int)KiB64).SequenceEqual(contents.AsSpan((int)KiB64, 2 * (int)KiB64)));
        *(byte*)copied ^= 0xff;
        *(byte*)(shared + 5) ^= 0xff;
        map.Synchronize(shared, 2 * KiB64).ThrowIfFailed();
        byte[] after = File.ReadAllBytes(file.Path);
        contents[KiB64 + 5] ^= 0xff;
        Assert.Equal(contents, after);
    }

    [CapabilityFact(Needs.Placeholders | Needs.Posix)]
    public void One_object_lies_at_several_exact_addresses_and_none_outside_the_map()
    {
        using VmMap map = new(new VmMapOptions { ByteCount = 1 << 20 });
        System.CreateSharedMemory(KiB64, "places", out MemoryObjectHandle? handle).ThrowIfRefused();
        using MemoryObjectHandle source = handle!;
        for (nuint i = 0; i < 16; i += 3)
        {
            map.MapObjectFixed(map.MinAddress + (i * KiB64), KiB64, source, 0, PageProtection.ReadWrite, MappingSharing.Shared).ThrowIfFailed();
        }

        *(long*)(map.MinAddress + 8) = 77;
        for (nuint i = 0; i < 16; i += 3)
        {
            Assert.Equal(77, *(long*)(map.MinAddress + (i * KiB64) + 8));
        }

        Assert.Equal(VmResult.InvalidAddress, map.MapObjectFixed(map.MaxAddress, KiB64, source, 0, PageProtection.Read, MappingSharing.Shared));
        Assert.Equal(VmResult.InvalidAddress, map.MapObjectFixed(map.MinAddress, 0, source, 0, PageProtection.Read, MappingSharing.Shared));
        Assert.Equal(VmResult.NoSpace, map.MapObjectFixed(map.MinAddress, 2 * KiB64, source, 0, PageProtection.Read, MappingSharing.Shared));
        Assert.Throws<ArgumentException>(() => map.MapObjectFixed(map.MinAddress + KiB64, KiB64, source, 1, PageProtection.Read, MappingSharing.Shared));
        Assert.Throws<ArgumentException>(() => map.MapObjectFixed(
            map.MinAddress + KiB64, KiB64, source, 0, PageProtection.ReadWrite | PageProtection.Execute, MappingSharing.Shared));
        map.Validate();
    }

    [CapabilityFact(Needs.Placeholders | Needs.Posix)]
    public void A_replacement_is_never_seen_half_done()
    {
        using VmMap map = new(new VmMapOptions { ByteCount = 1 << 20 });
        MemoryObjectHandle[] sources = new MemoryObjectHandle[2];
        for (int i = 0; i < 2; i++)
        {
            System.CreateSharedMemory(KiB64, "turns", out MemoryObjectHandle? handle).ThrowIfRefused();
            sources[i] = handle!;
            map.MapObjectFixed(map.MinAddress, KiB64, sources[i], 0, PageProtection.ReadWrite, MappingSharing.Shared, replace: true).ThrowIfFailed();
            new Span<byte>((void*)map.MinAddress, (int)KiB64).Fill((byte)(i + 1));
        }

        long reads = 0;
        bool isOver = false;
        Thread reader = new(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                nuint offset = (nuint)(reads++ * 4096) % KiB64;
                Assert.InRange(Volatile.Read(ref *(byte*)(map.MinAddress + offset)), 1, 2);
            }
        });
        reader.Start();
        for (int i = 0; i < 2000; i++)
        {
            map.MapObjectFixed(map.MinAddress, KiB64, sources[i & 1], 0, PageProtection.Read, MappingSharing.Shared, replace: true).ThrowIfFailed();
        }

        Volatile.Write(ref isOver, true);
        reader.Join();
        Assert.True(reads > 0);
        Array.ForEach(sources, static source => source.Dispose());
    }

    [CapabilityFact(Needs.Placeholders | Needs.Posix)]
    public void A_file_that_is_too_short_or_was_shrunk_is_refused_before_it_can_kill()
    {
        using TemporaryFile file = new(new byte[3 * KiB64]);
        using VmMap map = new(new VmMapOptions { ByteCount = 1 << 20 });
        System.OpenFile(file.Path, MemoryObjectAccess.ReadWrite, 0, out MemoryObjectHandle? handle).ThrowIfRefused();
        using MemoryObjectHandle source = handle!;
        VmResult result = map.MapObject(4 * KiB64, 1, source, 0, PageProtection.Read, MappingSharing.Shared, 0, out _);
        Assert.Equal(RefusalReason.InvalidRange, result.Refusal.Reason);
        Assert.Contains("beyond the end of the object", result.ToString(), StringComparison.Ordinal);
        map.MapObject(2 * KiB64, 1, source, 0, PageProtection.ReadWrite, MappingSharing.Shared, 0, out nuint address).ThrowIfFailed();
        using (FileStream stream = new(file.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            stream.SetLength((long)KiB64);
        }

        Assert.Equal(
            RefusalReason.InvalidRange,
            map.MapObject(2 * KiB64, 1, source, 0, PageProtection.Read, MappingSharing.Shared, 0, out _).Refusal.Reason);
        if (System.Supports(PlatformCapabilities.Populate))
        {
            Assert.True(System.Prefault(address, KiB64).IsSuccess);
            Assert.True(System.Prefault(address + KiB64, KiB64).IsRefused);
        }

        Assert.Equal((nuint)1, map.GetStatistics().EntryCount);
        map.Validate();
    }

    [CapabilityFact(Needs.Posix)]
    public void A_file_that_grows_through_its_handle_is_the_same_file()
    {
        using TemporaryFile file = new(new byte[100]);
        System.OpenFile(file.Path, MemoryObjectAccess.ReadWrite, 0, out MemoryObjectHandle? handle).ThrowIfRefused();
        using MemoryObjectHandle source = handle!;
        string moved = file.Path + ".moved";
        File.Move(file.Path, moved);
        try
        {
            System.ExtendFile(source, KiB64).ThrowIfRefused();
            System.ExtendFile(source, 10).ThrowIfRefused();
            Assert.Equal((long)KiB64, new FileInfo(moved).Length);
            Assert.False(File.Exists(file.Path));
            System.OpenFile(moved, MemoryObjectAccess.Read, 0, out MemoryObjectHandle? reader).ThrowIfRefused();
            Assert.Equal(RefusalReason.AccessDenied, System.ExtendFile(reader!, 2 * KiB64).Reason);
            reader!.Dispose();
            Assert.True(System.ExtendFile(source, 1UL << 62).IsRefused);
            Assert.Equal((long)KiB64, new FileInfo(moved).Length);
        }
        finally
        {
            File.Delete(moved);
        }
    }

    [Fact]
    public void Where_parts_of_a_map_cannot_be_replaced_it_says_so_beforehand_and_afterwards()
    {
        SimulatedPlatform platform = new(SimulatedPlatformOptions.WindowsLike);
        using VmMap map = new(new VmMapOptions { ByteCount = 1 << 20, Platform = platform });
        platform.CreateSharedMemory(KiB64, "none", out MemoryObjectHandle? handle).ThrowIfRefused();
        using MemoryObjectHandle source = handle!;
        Assert.False(map.SupportsObjects);
        Assert.Equal(
            RefusalReason.NotSupported,
            map.MapObject(KiB64, 1, source, 0, PageProtection.Read, MappingSharing.Shared, 0, out _).Refusal.Reason);
        Assert.Equal(
            RefusalReason.NotSupported,
            MirroredBuffer.TryCreate(new() { ByteCount = KiB64, Map = map }, out _).Refusal.Reason);
        Assert.Equal((nuint)0, map.GetStatistics().EntryCount);
        map.Validate();
    }

    [Fact]
    public void Every_refusal_leaves_entries_and_mappings_as_they_were()
    {
        const nuint Page = 4096;
        Dictionary<string, Func<VmMap, MemoryObjectHandle, VmResult>> acts = new()
        {
            ["map"] = (map, source) => map.MapObject(4 * Page, 3 * Page, source, Page, PageProtection.Read, MappingSharing.Shared, 1, out _),
            ["map with growth"] = (map, source) => map.MapObject(64 * Page, 1, source, 0, PageProtection.Read, MappingSharing.Shared, 1, out _),
            ["replace memory and an object"] = (map, source) => map.MapObjectFixed(
                map.MinAddress + Page, 10 * Page, source, 0, PageProtection.ReadWrite, MappingSharing.CopyOnWrite, replace: true),
            ["remove part of an object"] = (map, _) => map.Remove(map.MinAddress + (9 * Page), 2 * Page),
            ["remove all"] = (map, _) => map.Remove(map.MinAddress, 32 * Page),
            ["protect both"] = (map, _) => map.Protect(map.MinAddress, 16 * Page, PageProtection.Read),
            ["synchronize"] = (map, _) => map.Synchronize(map.MinAddress, 16 * Page),
        };
        foreach ((string name, Func<VmMap, MemoryObjectHandle, VmResult> act) in acts)
        {
            FaultSweepReport report = FaultSweep.Run(
                platform => new MappedObjectState(platform),
                state => act(state.Map, state.Source).IsSuccess,
                (state, succeeded) => state.Verify(succeeded),
                new FaultSweepOptions { Patterns = ObjectSystems.Survivable });
            Assert.True(report.FailedRunCount > 0, name);
        }
    }

    private sealed class MappedObjectState : IDisposable
    {
        private readonly VmPlatform _platform;
        private readonly string _before;

        public MappedObjectState(VmPlatform platform)
        {
            const nuint Page = 4096;
            _platform = platform;
            Map = new VmMap(new VmMapOptions { ByteCount = 32 * Page, MaxByteCount = 1 << 20, IsGrowable = true, Platform = platform });
            platform.CreateSharedMemory(64 * Page, "swept", out MemoryObjectHandle? handle).ThrowIfRefused();
            Source = handle!;
            Map.FindFixed(Map.MinAddress, 8 * Page, VmEntryAttributes.ReadWrite).ThrowIfFailed();
            Map.MapObjectFixed(Map.MinAddress + (8 * Page), 8 * Page, Source, 0, PageProtection.ReadWrite, MappingSharing.Shared).ThrowIfFailed();
            _before = Picture();
        }

        public VmMap Map { get; }

        public MemoryObjectHandle Source { get; }

        public void Verify(bool succeeded)
        {
            Map.Validate();
            if (!succeeded)
            {
                Assert.Equal(_before, Picture());
            }
        }

        public void Dispose()
        {
            Source.Dispose();
            Map.Dispose();
        }

        private string Picture()
        {
            using VmMapLockScope scope = Map.EnterReadLock();
            List<string> lines = [.. ObjectSystems.SystemOf(_platform).Snapshot().Select(range => range.ToString())];
            foreach (VmEntry entry in Map.GetEntries())
            {
                lines.Add(entry.ToString());
            }

            return string.Join('\n', lines);
        }
    }
}
