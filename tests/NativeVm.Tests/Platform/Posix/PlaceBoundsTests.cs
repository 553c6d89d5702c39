using NativeVm.Platform.Posix.Places;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>The arithmetic of places against trying every one, in an address space small enough for that.</summary>
public sealed class PlaceBoundsTests
{
    private const int Space = 96;

    [Fact]
    public void The_best_place_of_a_gap_is_the_one_that_trying_all_finds()
    {
        var random = new Random(4711);
        for (int step = 0; step < 200_000; step++)
        {
            nuint lowest = (nuint)random.Next(Space);
            nuint highest = (nuint)random.Next(Space);
            nuint byteCount = (nuint)random.Next(1, 24);
            nuint alignment = (nuint)1 << random.Next(6);
            nuint preferred = (nuint)random.Next(Space);
            nuint gapStart = (nuint)random.Next(Space);
            nuint gapEnd = (nuint)random.Next(Space);
            List<nuint> starts = All(lowest, highest, byteCount, alignment);

            bool any = PlaceBounds.TryCreate(lowest, highest, byteCount, alignment, preferred, out PlaceBounds bounds);
            Assert.Equal(starts.Count > 0, any);
            if (!any)
            {
                continue;
            }

            Assert.Equal(starts[0], bounds.First);
            Assert.Equal(starts[^1], bounds.Last);
            Assert.All(starts, start => Assert.True(bounds.Contains(start)));
            List<nuint> inGap = All(nuint.Max(lowest, gapStart), nuint.Min(highest, gapEnd), byteCount, alignment);
            Assert.Equal(inGap.Count > 0, bounds.TryPlace(gapStart, gapEnd, out nuint place));
            if (inGap.Count > 0)
            {
                Assert.Contains(place, inGap);
                Assert.Equal(inGap.Min(bounds.Distance), bounds.Distance(place));
            }
        }
    }

    [Fact]
    public void Nothing_wraps_at_the_top_of_the_address_space()
    {
        nuint top = nuint.MaxValue;
        nuint half = nuint.RotateRight(1, 1);
        Assert.False(PlaceBounds.TryCreate(top - 10, top, 4096, 4096, top, out _));
        Assert.False(PlaceBounds.TryCreate(half + 1, top, 1, half, 0, out _));
        Assert.True(PlaceBounds.TryCreate(1, top, 1, half, 0, out PlaceBounds bounds));
        Assert.Equal(half, bounds.First);
        Assert.Equal(half, bounds.Last);
        Assert.False(PlaceBounds.TryCreate(0, top - 1, top, 1, 0, out _));
    }

    [Fact]
    public void The_candidates_are_the_nearest_gaps_in_order()
    {
        var random = new Random(815);
        for (int step = 0; step < 2_000; step++)
        {
            Assert.True(PlaceBounds.TryCreate(0, 100_000, 16, 16, (nuint)random.Next(100_000), out PlaceBounds bounds));
            PlaceCandidates candidates = default;
            var expected = new List<nuint>();
            for (nuint gap = (nuint)random.Next(64); gap < 90_000; gap += (nuint)random.Next(100, 10_000))
            {
                nuint end = gap + (nuint)random.Next(100);
                candidates.Offer(bounds, gap, end);
                if (bounds.TryPlace(gap, end, out nuint place))
                {
                    expected.Add(bounds.Distance(place));
                }
            }

            expected.Sort();
            Assert.Equal(int.Min(8, expected.Count), candidates.Count);
            for (int i = 0; i < candidates.Count; i++)
            {
                Assert.Equal(expected[i], bounds.Distance(candidates[i]));
            }
        }
    }

    private static List<nuint> All(nuint lowest, nuint highest, nuint byteCount, nuint alignment)
    {
        var starts = new List<nuint>();
        for (nuint start = 0; start < Space; start += alignment)
        {
            if (start >= lowest && start + byteCount <= highest)
            {
                starts.Add(start);
            }
        }

        return starts;
    }
}
