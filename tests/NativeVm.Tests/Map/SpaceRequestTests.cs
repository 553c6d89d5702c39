using NativeVm.Testing;

namespace NativeVm.Tests.Map;

/// <summary>Searches with constraints, in bytes, beside a look at every page.</summary>
public sealed class SpaceRequestTests
{
    private const nuint Page = TestMaps.Page;
    private const nuint Base = 0x4000_3000;
    private const int PageCount = 200;

    [Fact]
    public void Every_constraint_and_policy_gives_what_a_look_at_all_pages_gives()
    {
        Random random = new(17);
        using VmMap map = TestMaps.Simulated(new SimulatedPlatform(), Base, PageCount);
        using VmMapLockScope scope = map.EnterWriteLock();
        bool[] isUsed = new bool[PageCount];
        for (int step = 0; step < 30_000; step++)
        {
            Toggle(map, isUsed, random, step);
            SpaceRequest request = Request(random);
            List<nuint> places = Places(isUsed, request);
            bool isFound = map.TryFindSpace(request, out nuint address);
            Assert.True(isFound == (places.Count > 0), $"Step {step}: {request}: {isFound} with {places.Count} places");
            if (!isFound)
            {
                Assert.Equal((nuint)0, address);
                continue;
            }

            Assert.Contains(address, places);
            nuint? expected = request.Policy switch
            {
                SpacePolicy.First => places[0],
                SpacePolicy.Last => places[^1],
                SpacePolicy.Next => places.Where(place => place >= request.Mark).DefaultIfEmpty(places[0]).First(),
                SpacePolicy.Nearest => places.MinBy(place => Distance(place, request.Mark & ~(Page - 1))),
                _ => null,
            };
            Assert.True(expected is null || expected == address, $"Step {step}: {request}: 0x{address:x}, and not 0x{expected:x}");
        }
    }

    [Fact]
    public void A_random_place_is_each_of_the_places_sooner_or_later()
    {
        using VmMap map = TestMaps.Simulated(new SimulatedPlatform(), Base, 20);
        using VmMapLockScope scope = map.EnterWriteLock();
        Assert.Equal(VmResult.Success, map.Insert(Base + (7 * Page), Page, TestMaps.Tagged(1)));
        HashSet<nuint> seen = [];
        for (int i = 0; i < 2000; i++)
        {
            Assert.True(map.TryFindSpace(new SpaceRequest(2 * Page) { Policy = SpacePolicy.Random }, out nuint address));
            seen.Add(address);
        }

        Assert.Equal(6 + 11, seen.Count);
    }

    [Fact]
    public void Constraints_that_contradict_each_other_are_misuse_or_find_nothing()
    {
        using VmMap map = TestMaps.Simulated(new SimulatedPlatform(), Base, 64);
        Assert.Throws<SynchronizationLockException>(() => map.TryFindSpace(new SpaceRequest(Page), out _));
        using VmMapLockScope scope = map.EnterWriteLock();
        SpaceRequest good = new(2 * Page);
        Assert.Throws<ArgumentOutOfRangeException>("request", () => map.TryFindSpace(default(SpaceRequest), out _));
        Assert.Throws<ArgumentOutOfRangeException>("request", () => map.TryFindSpace(good with { Alignment = 0 }, out _));
        Assert.Throws<ArgumentOutOfRangeException>("request", () => map.TryFindSpace(good with { Alignment = 5, Phase = 5 }, out _));
        Assert.Throws<ArgumentOutOfRangeException>("request", () => map.TryFindSpace(good with { Policy = (SpacePolicy)99 }, out _));
        Assert.Throws<ArgumentException>("request", () => map.TryFindSpace(good with { Boundary = 100 }, out _));
        Assert.False(map.TryFindSpace(good with { Boundary = Page }, out _));
        Assert.False(map.TryFindSpace(good with { Limit = Base + Page }, out _));
        Assert.False(map.TryFindSpace(good with { Start = Base + Page, Limit = Base }, out _));
        Assert.False(map.TryFindSpace(good with { Alignment = 16, Phase = 3 }, out _));
        Assert.False(map.TryFindSpace(good with { ByteCount = nuint.MaxValue }, out _));
    }

    [Fact]
    public void A_policy_chooses_among_what_is_reserved_and_growth_takes_the_lowest_place_beyond()
    {
        using VmMap map = TestMaps.Simulated(new SimulatedPlatform(), Base, 16, 4096);
        using VmMapLockScope scope = map.EnterWriteLock();
        Assert.True(map.TryFindSpace(new SpaceRequest(Page) { Policy = SpacePolicy.Last }, out nuint address));
        Assert.Equal(Base + (15 * Page), address);
        Assert.Equal(Base + (16 * Page), map.ReservedEnd);
        Assert.True(map.TryFindSpace(new SpaceRequest(20 * Page) { Policy = SpacePolicy.Last }, out address));
        Assert.Equal(Base, address);
        Assert.True(map.ReservedEnd > Base + (16 * Page));
    }

    private static void Toggle(VmMap map, bool[] isUsed, Random random, int step)
    {
        int page = random.Next(PageCount);
        int count = random.Next(1, Math.Min(9, PageCount - page) + 1);
        Span<bool> range = isUsed.AsSpan(page, count);
        if (!range.Contains(true) && random.Next(2) == 0)
        {
            Assert.Equal(VmResult.Success, map.Insert(Base + ((nuint)page * Page), (nuint)count * Page, TestMaps.Tagged((ulong)step)));
            range.Fill(true);
        }
        else
        {
            Assert.Equal(VmResult.Success, map.Delete(Base + ((nuint)page * Page), (nuint)count * Page));
            range.Clear();
        }
    }

    private static SpaceRequest Request(Random random)
    {
        nuint[] alignments = [1, 2, 3, 7, 96, 4096, 8192, 12288, 5000, 28672, 65536];
        nuint alignment = alignments[random.Next(alignments.Length)];
        nuint end = Base + (PageCount * Page);
        return new SpaceRequest((nuint)random.Next(1, 6 * (int)Page))
        {
            Start = random.Next(2) == 0 ? 0 : Base + (nuint)random.Next(PageCount * (int)Page),
            Limit = random.Next(2) == 0 ? 0 : end - (nuint)random.Next(PageCount * (int)Page),
            Alignment = alignment,
            Phase = random.Next(2) == 0 ? 0 : (nuint)random.Next((int)alignment),
            Boundary = random.Next(3) == 0 ? (nuint)random.Next(1, 12) * Page : 0,
            Policy = (SpacePolicy)random.Next(6),
            Mark = Base + (nuint)random.Next(PageCount * (int)Page),
        };
    }

    private static List<nuint> Places(bool[] isUsed, SpaceRequest request)
    {
        nuint length = (request.ByteCount + Page - 1) / Page * Page;
        nuint limit = request.Limit == 0 ? nuint.MaxValue : request.Limit;
        List<nuint> places = [];
        for (int page = 0; page + (int)(length / Page) <= PageCount; page++)
        {
            nuint address = Base + ((nuint)page * Page);
            bool isFree = !isUsed.AsSpan(page, (int)(length / Page)).Contains(true);
            bool isPlaced = address >= request.Start && address + length <= limit && address % request.Alignment == request.Phase;
            bool crosses = request.Boundary != 0 && address / request.Boundary != (address + length - 1) / request.Boundary;
            if (isFree && isPlaced && !crosses)
            {
                places.Add(address);
            }
        }

        return places;
    }

    private static nuint Distance(nuint left, nuint right) => left > right ? left - right : right - left;
}
