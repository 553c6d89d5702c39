using System.Runtime.InteropServices;
using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Map;

/// <summary>Where maps and entries lie: what native code needs of an address.</summary>
public sealed unsafe class PlacementTests
{
    private const nuint MiB = 1 << 20;
    private const ulong GiB = 1UL << 30;
    private const nuint Page = TestMaps.Page;

    [Fact]
    public void A_map_below_four_gibibytes_hands_out_addresses_that_fit_32_bits()
    {
        nuint limit = unchecked((nuint)(4 * GiB));
        using VmMap map = new(new VmMapOptions { ByteCount = 16 * MiB, Placement = Placement.Below(limit) });
        Assert.True(map.MaxAddress <= limit);
        Assert.Equal(VmResult.Success, map.Find(MiB, VmEntryAttributes.ReadWrite, out nuint address));
        Assert.Equal(address, (uint)(address + MiB - 1) - (MiB - 1));
        *(int*)address = 1;
        map.Validate();
    }

    [Fact]
    public void A_map_within_two_gibibytes_of_a_function_is_reached_by_a_relative_jump()
    {
        nuint function = (nuint)NativeLibrary.GetExport(
            NativeLibrary.GetMainProgramHandle() is var program && NativeLibrary.TryGetExport(program, "malloc", out _) ? program : Runtime(),
            OperatingSystem.IsWindows() ? "VirtualAlloc" : "malloc");
        using VmMap map = new(new VmMapOptions { ByteCount = 4 * MiB, Placement = Placement.Within(function, (nuint)(2 * GiB)) });
        Assert.Equal(VmResult.Success, map.Find(MiB, VmEntryAttributes.ReadWrite, out nuint address));
        foreach (nuint at in (nuint[])[map.MinAddress, map.MaxAddress - 1, address])
        {
            Assert.InRange((long)(at - function), int.MinValue, int.MaxValue);
        }
    }

    [Fact]
    public void A_map_is_aligned_to_any_power_of_two()
    {
        foreach (int log2 in (int[])[16, 21, 30, 32])
        {
            nuint alignment = (nuint)1 << log2;
            using VmMap map = new(new VmMapOptions { ByteCount = MiB, Placement = Placement.Aligned(alignment) });
            Assert.Equal((nuint)0, map.MinAddress % alignment);
            using VmMap growable = new(new VmMapOptions { ByteCount = MiB, IsGrowable = true, Placement = Placement.Aligned(alignment) });
            Assert.Equal((nuint)0, growable.MinAddress % alignment);
        }
    }

    [Fact]
    public void A_map_at_an_address_is_there_or_is_refused_and_replaces_nothing()
    {
        using VmMap first = TestMaps.Real(MiB);
        Assert.Equal(VmResult.Success, first.Find(Page, VmEntryAttributes.ReadWrite, out nuint address));
        *(int*)address = 77;
        SystemRefusedException refused = Assert.Throws<SystemRefusedException>(() => new VmMap(new VmMapOptions
        {
            ByteCount = MiB,
            Placement = Placement.At(first.MinAddress),
        }));
        Assert.Equal(RefusalReason.AddressInUse, refused.Reply.Reason);
        Assert.Equal(77, *(int*)address);

        nuint place = first.MinAddress;
        first.Dispose();
        using VmMap again = new(new VmMapOptions { ByteCount = MiB, Placement = Placement.At(place) });
        Assert.Equal(place, again.MinAddress);
    }

    [Fact]
    public void The_system_is_asked_for_the_exact_place_and_never_looked_at_first()
    {
        FaultInjectingPlatform platform = new(new SimulatedPlatform(), new FaultInjectionOptions { CountsQueries = true });
        using VmMap at = new(new VmMapOptions { ByteCount = MiB, Placement = Placement.At(0x4000_0000), Platform = platform });
        using VmMap below = new(new VmMapOptions { ByteCount = MiB, Placement = Placement.Below(0x8000_0000), Platform = platform });
        using VmMap near = new(new VmMapOptions { ByteCount = MiB, Placement = Placement.Within(0x6000_0000, 0x1000_0000), Platform = platform });
        Assert.Equal(3, platform.CallCount);
        Assert.Equal(3, platform.CallCountOf(SystemOperation.Reserve));
        Assert.InRange(near.MinAddress, (nuint)0x5000_0000, (nuint)0x7000_0000 - MiB);
    }

    [Fact]
    public void A_find_satisfies_each_constraint_exactly()
    {
        SimulatedPlatform platform = new();
        using VmMap map = TestMaps.Simulated(platform, 0x4000_0000, 256);
        nuint start = map.MinAddress;
        Assert.Equal(VmResult.Success, map.Find(new SpaceRequest(3 * Page), VmEntryAttributes.ReadWrite, out nuint first));
        Assert.Equal(start, first);
        SpaceRequest limited = new(2 * Page) { Limit = start + (4 * Page) };
        Assert.Equal(VmResult.NoSpace, map.Find(limited, VmEntryAttributes.ReadWrite, out nuint none));
        Assert.Equal((nuint)0, none);
        Assert.Equal(VmResult.Success, map.Find(limited with { Limit = start + (5 * Page) }, VmEntryAttributes.ReadWrite, out nuint second));
        Assert.Equal(start + (3 * Page), second);
        SpaceRequest phased = new(Page) { Alignment = 64 * Page, Phase = 5 * Page, Start = start + (6 * Page) };
        Assert.Equal(VmResult.Success, map.Find(phased, VmEntryAttributes.ReadWrite, out nuint third));
        Assert.Equal(start + (69 * Page), third);
        SpaceRequest uncrossed = new(6 * Page) { Boundary = 8 * Page };
        Assert.Equal(VmResult.Success, map.Find(uncrossed, VmEntryAttributes.ReadWrite, out nuint fourth));
        Assert.Equal(start + (8 * Page), fourth);
        SpaceRequest last = new(Page) { Policy = SpacePolicy.Last };
        Assert.Equal(VmResult.Success, map.Find(last, VmEntryAttributes.ReadWrite, out nuint fifth));
        Assert.Equal(map.MaxAddress - Page, fifth);
        Assert.Throws<ArgumentOutOfRangeException>("request", () => map.Find(new SpaceRequest(0), VmEntryAttributes.ReadWrite, out _));
        Assert.Throws<ArgumentException>("request", () => map.Find(new SpaceRequest(Page) { Boundary = 3 }, VmEntryAttributes.ReadWrite, out _));
        Assert.Throws<ArgumentException>("attributes", () => map.Find(new SpaceRequest(Page), new VmEntryAttributes { Protection = PageProtection.Read }, out _));
        map.Validate();
    }

    [Fact]
    public void A_find_under_constraints_grows_the_map_and_takes_the_growth_back_when_it_fails()
    {
        SimulatedPlatform platform = new(SimulatedPlatformOptions.PosixLike with { CommitLimitByteCount = MiB });
        using VmMap map = TestMaps.Simulated(platform, 0x4000_0000, 16, 65536);
        SpaceRequest request = new(4 * Page) { Start = map.MinAddress + (8 * MiB), Alignment = MiB, Phase = Page };
        Assert.Equal(VmResult.Success, map.Find(request, VmEntryAttributes.ReadWrite, out nuint address));
        Assert.Equal(map.MinAddress + (8 * MiB) + Page, address);
        nuint end = map.ReservedEnd;
        string before = platform.ToString();
        Assert.Equal(RefusalReason.OutOfMemory, map.Find(new SpaceRequest(64 * MiB), VmEntryAttributes.ReadWrite, out _).Refusal.Reason);
        Assert.Equal(end, map.ReservedEnd);
        Assert.Equal(before, platform.ToString());
        map.Validate();
    }

    [Fact]
    public void Random_requests_with_guards_are_answered_as_by_looking_at_every_page()
    {
        SimulatedPlatform platform = new();
        using VmMap map = TestMaps.Simulated(platform, 0x4000_0000, 400);
        PageModel model = new(map.MinAddress, Page, 400);
        Random random = new(77);
        List<(int Page, int Count, int Below, int Above)> live = [];
        for (int step = 0; step < 1500; step++)
        {
            if (live.Count > 0 && random.Next(5) < 2)
            {
                int index = random.Next(live.Count);
                (int page, int count, int below, int above) = live[index];
                live.RemoveAt(index);
                Assert.Equal(VmResult.Success, map.Remove(model.AddressOf(page), (nuint)count * Page));
                model.Delete(page - below, below + count + above);
                continue;
            }

            int length = random.Next(1, 8);
            int lower = random.Next(3);
            int upper = random.Next(3);
            int alignment = random.Next(1, 12);
            int phase = random.Next(alignment);
            SpaceRequest request = new((nuint)length * Page)
            {
                GuardBefore = (nuint)lower * Page,
                GuardAfter = (nuint)upper * Page,
                Alignment = (nuint)alignment * Page,
                Phase = (nuint)phase * Page,
            };
            int expected = Enumerable.Range(0, Math.Max(0, 400 - lower - length - upper + 1)).FirstOrDefault(
                p => (model.AddressOf(p + lower) / Page) % (nuint)alignment == (nuint)phase && model.IsFree(p, lower + length + upper), -1);
            VmResult result = map.Find(request, VmEntryAttributes.ReadWrite with { Tag = (ulong)step }, out nuint address);
            Assert.Equal(expected >= 0, result.IsSuccess);
            if (expected >= 0)
            {
                Assert.Equal(model.AddressOf(expected + lower), address);
                model.Insert(expected, lower + length + upper, VmEntryAttributes.ReadWrite);
                live.Add((expected + lower, length, lower, upper));
                platform.Touch(address, (nuint)length * Page);
            }
        }

        map.Validate();
        Assert.Equal((nuint)model.CommittedPageCount * Page, map.GetStatistics().CommittedByteCount);
    }

    private static nint Runtime() => NativeLibrary.Load(OperatingSystem.IsWindows() ? "kernel32" : "libc");
}
