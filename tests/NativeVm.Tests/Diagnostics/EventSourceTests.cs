using NativeVm.Diagnostics;
using NativeVm.Testing;

namespace NativeVm.Tests.Diagnostics;

[Collection(nameof(ListeningTests))]
public sealed class EventSourceTests
{
    private const nuint MiB = 1 << 20;

    [Fact]
    public void Growth_says_which_map_from_where_and_by_how_much()
    {
        using RecordingListener listener = new();
        using VmMap map = new(new VmMapOptions
        {
            ByteCount = MiB,
            IsGrowable = true,
            Platform = new SimulatedPlatform(),
            Name = nameof(Growth_says_which_map_from_where_and_by_how_much),
        });
        nuint end = map.ReservedEnd;
        Assert.True(map.Find(8 * MiB, VmEntryAttributes.Reserved, out _).IsSuccess);
        RecordedEvent growth = Assert.Single(listener.Of("Growth"), recorded => (string?)recorded.Payload[0] == map.Name);
        Assert.Equal((long)end, growth.Payload[1]);
        Assert.Equal((long)(map.ReservedEnd - end), growth.Payload[2]);
    }

    [Fact]
    public unsafe void A_purge_says_how_much_went_back()
    {
        using RecordingListener listener = new();
        using PageAllocator pages = new(new PageAllocatorOptions { Name = nameof(A_purge_says_how_much_went_back) });
        nuint address = pages.Allocate(MiB);
        new Span<byte>((void*)address, (int)MiB).Fill(1);
        pages.Free(address);
        nuint purged = pages.Trim();
        Assert.True(purged >= MiB);
        RecordedEvent purge = Assert.Single(listener.Of("Purge"), recorded => (string?)recorded.Payload[0] == pages.Name);
        Assert.Equal((long)purged, purge.Payload[1]);
    }

    [Fact]
    public void A_refusal_is_told_with_its_remedy()
    {
        using RecordingListener listener = new();
        FaultInjectingPlatform platform = new(new SimulatedPlatform());
        using VmMap map = new(new VmMapOptions { ByteCount = MiB, Platform = platform });
        platform.Arm(FaultPlan.Calls(1, 1));
        VmResult result = map.Find(64 * 1024, VmEntryAttributes.ReadWrite, out _);
        Assert.Equal(VmResult.ResourceShortage, result);
        string text = result.Refusal.ToString();
        Assert.Contains(listener.Of("Refusal"), recorded => (string?)recorded.Payload[0] == text);
    }

    [Fact]
    public void The_manifest_is_sound() =>
        Assert.Empty(NativeVmEventSource.Log.ConstructionException?.ToString() ?? "");
}
