using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Map;

/// <summary>The map beside a picture of its pages, over random operations; together more than a million steps.</summary>
public sealed class FindSpaceDifferentialTests
{
    private const int PageCount = 300;
    private const int Steps = 180_000;

    private static readonly nuint Middle = unchecked((nuint)0x7fff_1234_5000);
    private static readonly nuint Low = unchecked((nuint)0x1_0000_0000);

    private static readonly nuint[] OddAlignments =
        [1, 2, 3, 7, 12, 4096, 4097, 12288, 28672, 1 << 20, 3 << 14, 1u << 31, nuint.MaxValue, (nuint)1 << 63];

    public enum Place
    {
        Bottom,
        Top,
        Middle,
        AlmostTopBigPages,
        GrowingInTheMiddle,
        GrowingToTheTop,
        GrowingLikeWindows,
    }

    [Theory]
    [InlineData(Place.Bottom, 1)]
    [InlineData(Place.Top, 2)]
    [InlineData(Place.Middle, 3)]
    [InlineData(Place.AlmostTopBigPages, 4)]
    [InlineData(Place.GrowingInTheMiddle, 5)]
    [InlineData(Place.GrowingToTheTop, 6)]
    [InlineData(Place.GrowingLikeWindows, 7)]
    public void Every_answer_is_that_of_a_linear_scan(Place place, int seed)
    {
        Random random = new(seed);
        using VmMap map = Make(place, random, out PageModel model, out SimulatedPlatform platform);
        using VmMapLockScope scope = map.EnterWriteLock();
        ulong tag = 0;
        for (int step = 0; step < Steps; step++)
        {
            int choice = random.Next(100);
            if (choice < 45)
            {
                Search(map, model, random, step);
            }
            else if (choice < 70)
            {
                Insert(map, model, random, ref tag);
            }
            else if (choice < 88)
            {
                Delete(map, model, random);
            }
            else
            {
                Change(map, model, random);
            }

            if (step % 64 == 0)
            {
                Assert.Null(model.Differs(map));
                map.Validate();
                VmMapStatistics statistics = map.GetStatistics();
                Assert.Equal((nuint)model.CommittedPageCount * map.PageSize, statistics.CommittedByteCount);
                Assert.Equal(statistics.CommittedByteCount, platform.CommittedByteCount);
                Assert.Equal(statistics.ReservedByteCount, platform.ReservedByteCount);
            }
        }
    }

    private static VmMap Make(Place place, Random random, out PageModel model, out SimulatedPlatform platform)
    {
        nuint page = place == Place.AlmostTopBigPages ? 65536u : TestMaps.Page;
        nuint span = PageCount * page;
        platform = place == Place.GrowingLikeWindows
            ? new SimulatedPlatform(SimulatedPlatformOptions.WindowsLike)
            : TestMaps.WholeSpace(page);
        nuint highest = platform.HighestAddress;
        (nuint address, int initial) = place switch
        {
            Place.Bottom => (0u, PageCount),
            Place.Top => (highest - span, PageCount),
            Place.AlmostTopBigPages => (highest - span - (3 * page), PageCount),
            Place.Middle => (Middle, PageCount),
            Place.GrowingInTheMiddle => (Middle, 16),
            Place.GrowingLikeWindows => (Low, 16),
            _ => (highest - span, 16),
        };

        // Whole granules of 16 pages, so that the same pages are foreign on both kinds of system.
        bool isGrowing = initial != PageCount;
        int pageCount = place == Place.GrowingLikeWindows ? 304 : PageCount;
        model = new PageModel(address, page, pageCount);
        foreach (int first in isGrowing ? (int[])[48, 112, 240] : [])
        {
            int count = 16 * random.Next(1, 3);
            platform.PlaceForeign(address + ((nuint)first * page), (nuint)count * page);
            model.PlaceForeign(first, count);
        }

        return TestMaps.Simulated(platform, address, initial, isGrowing ? pageCount : 0);
    }

    private static void Search(VmMap map, PageModel model, Random random, int step)
    {
        nuint start = Start(map, model, random);
        nuint length = Length(map, random);
        nuint alignment = random.Next(3) == 0
            ? (nuint)1 << random.Next(0, 64)
            : OddAlignments[random.Next(OddAlignments.Length)];
        FindSpaceFlags flags = random.Next(3) == 0 ? FindSpaceFlags.Stack : FindSpaceFlags.None;
        bool isFound = map.TryFindSpace(start, length, alignment, flags, out nuint address);
        bool isExpected = model.TryFindSpace(start, length, alignment, flags, out nuint expected);
        Assert.True(
            isFound == isExpected && address == expected,
            $"Step {step}: start 0x{start:x} length {length} alignment {alignment} {flags}: "
            + $"{isFound} 0x{address:x}, and the scan says {isExpected} 0x{expected:x}");
        Assert.True(!isFound || address + length <= map.ReservedEnd, "What was found is reserved.");
    }

    private static nuint Start(VmMap map, PageModel model, Random random) => random.Next(12) switch
    {
        0 => 0,
        1 => unchecked(map.MinAddress - 1),
        2 => map.MinAddress,
        3 => map.MaxAddress,
        4 => map.MaxAddress + 1,
        5 => nuint.MaxValue,
        _ => model.AddressOf(random.Next(model.PageCount)) + (nuint)(random.Next(3) == 0 ? random.Next(5000) : 0),
    };

    private static nuint Length(VmMap map, Random random) => random.Next(20) switch
    {
        0 => nuint.MaxValue,
        1 => nuint.MaxValue - map.PageSize + 2,
        2 => map.MaxAddress - map.MinAddress,
        _ => (nuint)random.Next(1, 24 * (int)map.PageSize),
    };

    private static void Insert(VmMap map, PageModel model, Random random, ref ulong tag)
    {
        int page = random.Next(model.PageCount);
        int count = random.Next(1, Math.Min(12, model.PageCount - page) + 1);
        VmEntryAttributes attributes = random.Next(3) switch
        {
            0 => VmEntryAttributes.ReadWrite,
            1 => VmEntryAttributes.Reserved,
            _ => VmEntryAttributes.ReadWrite with
            {
                Kind = VmEntryKind.Stack,
                GrowthReserve = (nuint)random.Next(0, 20) * map.PageSize,
                Tag = ++tag,
            },
        };
        VmResult result = map.Insert(model.AddressOf(page), (nuint)count * map.PageSize, attributes);
        Assert.Equal(model.IsFree(page, count) ? VmResult.Success : VmResult.NoSpace, result);
        if (result.IsSuccess)
        {
            model.Insert(page, count, attributes);
        }
    }

    private static void Delete(VmMap map, PageModel model, Random random)
    {
        int page = random.Next(model.PageCount);
        int count = random.Next(0, Math.Min(random.Next(8) == 0 ? 120 : 16, model.PageCount - page) + 1);
        Assert.Equal(VmResult.Success, map.Delete(model.AddressOf(page), (nuint)count * map.PageSize));
        model.Delete(page, count);
    }

    private static void Change(VmMap map, PageModel model, Random random)
    {
        int page = random.Next(model.PageCount);
        int count = random.Next(0, Math.Min(40, model.PageCount - page) + 1);
        nuint start = model.AddressOf(page);
        nuint byteCount = (nuint)count * map.PageSize;
        PageProtection protection = random.Next(3) switch
        {
            0 => PageProtection.Read,
            1 => PageProtection.ReadExecute,
            _ => PageProtection.ReadWrite,
        };
        switch (random.Next(3))
        {
            case 0:
                bool isWhole = model.Commit(page, count, protection);
                Assert.Equal(isWhole, map.Commit(start, byteCount, protection).IsSuccess);
                break;
            case 1:
                model.Decommit(page, count);
                Assert.Equal(VmResult.Success, map.Decommit(start, byteCount));
                break;
            default:
                bool isAllowed = model.Protect(page, count, protection);
                VmResult expected = isAllowed ? VmResult.Success : VmResult.InvalidArgument;
                Assert.Equal(expected, map.Protect(start, byteCount, protection));
                break;
        }
    }
}
