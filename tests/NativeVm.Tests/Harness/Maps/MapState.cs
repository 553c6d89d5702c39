using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Maps;

/// <summary>
/// A map of two reservations with entries of every sort, and so full of small ones that the next entry needs memory
/// for records.
/// </summary>
public sealed class MapState : IDisposable
{
    public const nuint Page = 4096;
    public const nuint MiB = 1 << 20;
    public const nuint Huge = 2 << 20;

    // Where there is room for small entries.
    private const int FirstFiller = 2048;
    private const int EndOfFillers = 3800;

    private static readonly VmEntryAttributes Stack =
        VmEntryAttributes.ReadWrite with { Kind = VmEntryKind.Stack, GrowthReserve = 4 * Page };

    private readonly FaultPlatforms _platforms;
    private readonly string _before;

    public MapState(FaultPlatforms platforms)
    {
        _platforms = platforms;
        Map = new VmMap(new VmMapOptions
        {
            ByteCount = 16 * MiB,
            MaxByteCount = 256 * MiB,
            IsGrowable = true,
            Placement = Placement.At(0x4000_0000),
            Platform = platforms.Pages,
            MetadataPlatform = platforms.Metadata,
        });
        platforms.Simulated!.PlaceForeign(Map.MinAddress + (40 * MiB), MiB);
        Map.FindFixed(StackBottom, 2 * Page, Stack).ThrowIfFailed();
        Map.FindFixed(At(0), 4 * Page, VmEntryAttributes.ReadWrite).ThrowIfFailed();
        Map.FindFixed(At(4), 8 * Page, VmEntryAttributes.Reserved).ThrowIfFailed();
        Map.FindFixed(At(14), 4 * Page, VmEntryAttributes.ReadWrite with { Tag = 3, Protection = PageProtection.Read }).ThrowIfFailed();
        Map.FindFixed(Seam - (2 * Page), 4 * Page, VmEntryAttributes.ReadWrite with { Tag = 4 }).ThrowIfFailed();
        Map.FindFixed(At(20), Page, VmEntryAttributes.ReadWrite with { Tag = 5 }).ThrowIfFailed();
        Map.Wire(At(20), Page).ThrowIfFailed();
        Map.FindFixed(At(24), 8 * Page, VmEntryAttributes.ReadWrite with { Tag = 6 }).ThrowIfFailed();
        Map.Guard(At(26), Page).ThrowIfFailed();
        Map.FindFixed(At(64), 64 * Page, VmEntryAttributes.Reserved with { Tag = 7 }).ThrowIfFailed();
        Map.Find(
            new SpaceRequest(2 * Huge) { Start = At(256) },
            VmEntryAttributes.ReadWrite with { HugePages = VmHugePages.Transparent },
            out nuint large).ThrowIfFailed();
        Large = large;
        if (Map.SupportsObjects)
        {
            platforms.Pages.CreateSharedMemory(64 * Page, "swept", out MemoryObjectHandle? source).ThrowIfRefused();
            Source = source;
            Map.MapObjectFixed(At(160), 8 * Page, source!, 0, PageProtection.ReadWrite, MappingSharing.Shared, 9).ThrowIfFailed();
        }

        UsedRecords.UseUp(platforms, Map, At(FirstFiller), At(EndOfFillers));
        _before = MapPicture.Of(Map, platforms.Simulated);
    }

    public VmMap Map { get; }

    public MemoryObjectHandle? Source { get; }

    public nuint Large { get; }

    public VmMap? Submap { get; set; }

    /// <summary>What an act has made in the map.</summary>
    public IDisposable? Made { get; set; }

    public nuint Seam => Map.MinAddress + (16 * MiB);

    public nuint StackBottom => Map.MinAddress + (17 * MiB);

    public nuint At(int page) => Map.MinAddress + ((nuint)page * Page);

    public void Verify(bool succeeded)
    {
        Map.Validate();
        SimulatedPlatform system = _platforms.Simulated!;
        VmMapStatistics statistics = Map.GetStatistics();
        Assert.Equal(system.CommittedByteCount, statistics.CommittedByteCount - ObjectByteCount());
        Assert.Equal(system.ReservedByteCount, statistics.ReservedByteCount);
        if (!succeeded)
        {
            Assert.Equal(_before, MapPicture.Of(Map, system));
        }
    }

    public void Dispose()
    {
        Made?.Dispose();
        Submap?.Dispose();
        Map.Dispose();
        Source?.Dispose();
    }

    // The system counts the pages of objects as the objects', not as committed.
    private nuint ObjectByteCount()
    {
        nuint objects = 0;
        using VmMapLockScope scope = Map.EnterReadLock();
        foreach (VmEntry entry in Map.GetEntries())
        {
            objects += entry.Attributes.IsCommitted && entry.Attributes.ObjectId != 0 ? entry.ByteCount : 0;
        }

        return objects;
    }
}
