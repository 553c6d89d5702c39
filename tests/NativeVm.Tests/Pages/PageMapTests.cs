using NativeVm.Pages;
using NativeVm.Platform;

namespace NativeVm.Tests.Pages;

/// <summary>Bits and numbers of pages against arrays, over the borders of words and chunks.</summary>
public sealed class PageMapTests
{
    private const int Pages = 3 << PageMap.ChunkShift;

    [Fact]
    public void Bits_of_ranges_are_what_an_array_of_booleans_says()
    {
        using PageMap map = new(VmPlatform.Current, Pages);
        Assert.True(map.TryCover(0, Pages));
        bool[] dirty = new bool[Pages];
        Random random = new(5);
        for (int step = 0; step < 3000; step++)
        {
            int start = random.Next(Pages - 1);
            int count = random.Next(1, Math.Min(Pages - start, random.Next(3) == 0 ? Pages : 200) + 1);
            Span<bool> range = dirty.AsSpan(start, count);
            Assert.Equal((uint)range.Count(true), map.CountDirty((ulong)start, (uint)count));
            Assert.Equal(0u, map.CountAbsent((ulong)start, (uint)count));
            CheckRuns(map, dirty, start, start + count);
            bool isDirty = random.Next(2) == 0;
            range.Fill(isDirty);
            if (isDirty)
            {
                map.MarkDirty((ulong)start, (uint)count);
            }
            else
            {
                map.MarkClean((ulong)start, (uint)count);
            }
        }
    }

    [Fact]
    public void Pages_without_a_block_say_nothing_wherever_they_are()
    {
        using PageMap map = new(VmPlatform.Current, Pages);
        Assert.True(map.TryCover(1 << PageMap.ChunkShift, (1 << PageMap.ChunkShift) + 1));
        map.SetId(1 << PageMap.ChunkShift, 7);
        Assert.Equal(7u, map.GetId(1 << PageMap.ChunkShift));
        foreach (ulong page in new ulong[] { 0, (1 << PageMap.ChunkShift) - 1, 2 << PageMap.ChunkShift, Pages, ulong.MaxValue })
        {
            Assert.Equal(0u, map.GetId(page));
        }
    }

    private static void CheckRuns(PageMap map, bool[] dirty, int from, int to)
    {
        ulong start = (ulong)from;
        int at = from;
        while (map.TryFindDirty(ref start, (ulong)to, out ulong end))
        {
            Assert.DoesNotContain(true, dirty[at..(int)start]);
            Assert.DoesNotContain(false, dirty[(int)start..(int)end]);
            at = (int)end;
            start = end;
        }

        Assert.DoesNotContain(true, dirty[at..to]);
    }
}
