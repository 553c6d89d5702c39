using NativeVm.Index;

namespace NativeVm.Tests.Index;

public sealed class BPlusTreeIndexTests
{
    private const ulong Top = 1UL << 52;

    public static TheoryData<ulong, ulong, int, int> Maps => new()
    {
        // First page, end page, most entries, one in so many with details.
        { 0, 4096, 600, 0 },
        { 16, 70_000, 1500, 0 },
        { 3, 1 << 20, 2500, 7 },
        { 0x7fff_0000, 0x8100_0000, 1500, 3 },
        { 0, Top, 800, 0 },
        { Top - 5000, Top, 700, 5 },
        { 1UL << 35, 1UL << 36, 1200, 9 },
    };

    [Theory]
    [MemberData(nameof(Maps))]
    public void Random_operations_equal_the_model(ulong first, ulong end, int most, int detailPeriod) =>
        RandomOperations.Run(first, end, most, detailPeriod, steps: 150_000, seed: 1);

    [Fact]
    public void An_empty_index_is_one_gap()
    {
        using IndexPair pair = new(5, 100, 1);
        pair.CompareAll();
        Assert.False(pair.Tree.TryGetAtOrBelow(99, out _));
        pair.CompareSearch(new SpaceQuery(0, ulong.MaxValue, 95, 1, false));
        pair.CompareSearch(new SpaceQuery(0, ulong.MaxValue, 96, 1, false));
        pair.Insert(5, 100);
        pair.CompareAll();
        Assert.Equal(0u, pair.Tree.LargestGap);
        pair.RemoveAt(0);
        pair.CompareAll();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Entries_come_and_go_in_any_order(int order)
    {
        using IndexPair pair = new(0, 1 << 20, 1);
        const int Many = 9000;
        for (int i = 0; i < Many; i++)
        {
            ulong number = (ulong)(order == 0 ? i : order == 1 ? Many - 1 - i : i * 4801 % Many);
            pair.Insert(number * 100, (number * 100) + 1 + (number % 90));
            if (i % 1000 == 0)
            {
                pair.CompareAll();
            }
        }

        pair.CompareAll();
        while (pair.Model.Count > 0)
        {
            int count = pair.Model.Count;
            pair.RemoveAt(order == 0 ? 0 : order == 1 ? count - 1 : (count * 7) % 4801 % count);
            if (count % 1000 == 0)
            {
                pair.CompareAll();
            }
        }

        pair.CompareAll();
    }
}
