using NativeVm.Index;
using NativeVm.Index.Tree;
using NativeVm.Platform;

namespace NativeVm.Tests.Index;

public sealed class CutTests
{
    private const ulong FirstPage = 1 << 20;
    private const ulong EndPage = FirstPage + (1 << 16);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_cut_leaves_what_a_replacement_and_two_inserts_leave(int seed)
    {
        using BPlusTreeIndex cut = new(VmPlatform.Current, FirstPage, EndPage);
        using BPlusTreeIndex composed = new(VmPlatform.Current, FirstPage, EndPage);
        Random random = new(seed);
        for (ulong page = FirstPage; page < EndPage - 2048; page += 2048)
        {
            EntryRecord entry = new() { Start = page, End = page + 2000, Tag = page, Flags = 3 };
            Add(cut, entry);
            Add(composed, entry);
        }

        for (int step = 0; step < 3000; step++)
        {
            ulong page = FirstPage + (ulong)random.Next(1 << 16);
            if (!composed.TryGetAtOrBelow(page, out EntryRecord entry) || entry.End <= page || entry.PageCount < 3)
            {
                continue;
            }

            ulong from = entry.Start + 1 + (ulong)random.Next((int)entry.PageCount - 2);
            ulong to = from + 1 + (ulong)random.Next((int)(entry.End - from) - 1);
            uint flags = (uint)random.Next(1 << 12);
            Assert.True(cut.TryReserve(2) && composed.TryReserve(2));
            cut.Cut(entry.Start, from, to, flags);
            composed.Replace(entry.Start, entry with { End = from });
            composed.Insert(entry with { Start = from, End = to, Flags = flags });
            composed.Insert(entry with { Start = to });
            if (step % 100 == 0)
            {
                cut.Validate();
            }
        }

        cut.Validate();
        Assert.Equal(composed.Count, cut.Count);
        Assert.Equal(composed.LargestGap, cut.LargestGap);
        for (ulong page = FirstPage; composed.TryGetAtOrAbove(page, out EntryRecord expected); page = expected.End)
        {
            Assert.True(cut.TryGetAtOrAbove(page, out EntryRecord actual));
            Assert.Equal((expected.Start, expected.End, expected.Flags, expected.Tag), (actual.Start, actual.End, actual.Flags, actual.Tag));
        }
    }

    private static void Add(BPlusTreeIndex index, in EntryRecord entry)
    {
        Assert.True(index.TryReserve(1));
        index.Insert(entry);
    }
}
