using System.Runtime.InteropServices;
using NativeVm.Pages;

namespace NativeVm.Tests.Pages;

/// <summary>The bins: what is found fits, and nothing shorter that is a whole class shorter would have.</summary>
public sealed unsafe class PageBinsTests
{
    private const int Records = 600;

    [Fact]
    public void Longer_runs_are_in_the_same_bin_or_in_a_higher_one_and_sixteen_bins_double_the_length()
    {
        uint last = 0;
        for (ulong count = 1; count <= uint.MaxValue; count += 1 + (count / 64))
        {
            uint bin = PageBins.BinOf((uint)count);
            Assert.True(bin >= last && bin < PageBins.End, $"{count}");
            Assert.True(count < 128 ? bin == count : PageBins.BinOf((uint)Math.Min(count * 2, uint.MaxValue)) <= bin + 16);
            last = bin;
        }

        Assert.Equal(PageBins.End - 1, PageBins.BinOf(uint.MaxValue));
    }

    [Fact]
    public void The_shortest_class_that_fits_is_found_after_any_additions_and_removals()
    {
        PageRun* runs = (PageRun*)NativeMemory.AllocZeroed(Records, (nuint)sizeof(PageRun));
        byte* memory = (byte*)NativeMemory.AllocZeroed(8192);
        PageBins bins = new(runs, memory);
        Random random = new(9);
        HashSet<uint> free = [];
        for (int step = 0; step < 20_000; step++)
        {
            uint id = (uint)random.Next(1, Records);
            if (free.Remove(id))
            {
                bins.Remove(id);
            }
            else
            {
                runs[id].Count = (uint)random.Next(1, random.Next(2) == 0 ? 300 : 100_000);
                runs[id].Start = (ulong)random.Next(1 << 20);
                bins.Add(id);
                free.Add(id);
            }

            uint count = (uint)random.Next(1, 110_000);
            uint found = bins.FindFit(count);
            List<uint> fitting = [.. free.Where(other => runs[other].Count >= count)];
            if (found == 0)
            {
                // Only runs of its own bin can have been passed over.
                Assert.All(fitting, other => Assert.Equal(PageBins.BinOf(count), PageBins.BinOf(runs[other].Count)));
                continue;
            }

            Assert.Contains(found, fitting);
            uint shortest = fitting.Min(other => PageBins.BinOf(runs[other].Count));
            Assert.True(PageBins.BinOf(runs[found].Count) == shortest || shortest == PageBins.BinOf(count));
        }

        foreach (ulong unit in new ulong[] { 1, 3, 64, 1000 })
        {
            PageAlignment alignment = new((nuint)unit * 4096, 12, basePage: 17);
            uint found = bins.FindAligned(2, alignment, isExhaustive: true);
            bool isAny = free.Any(id => alignment.AlignUp(runs[id].Start) + 2 <= runs[id].End);
            Assert.Equal(isAny, found != 0);
            Assert.True(found == 0 || (17 + alignment.AlignUp(runs[found].Start)) % unit == 0);
        }

        NativeMemory.Free(runs);
        NativeMemory.Free(memory);
    }
}
