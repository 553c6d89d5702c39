using System.Runtime.Intrinsics;
using NativeVm.Index.Kernels;
using NativeVm.Index.Tree;

namespace NativeVm.Tests.Index;

/// <summary>The kernels of every width that runs here give what the scalar ones give.</summary>
public sealed unsafe class NodeKernelTests
{
    private const int Rounds = 3000;

    [Fact]
    public void Searches_in_nodes_are_equal_in_every_width()
    {
        Random random = new(1);
        ulong* keys = stackalloc ulong[64];
        int* row = stackalloc int[64];
        int* ends = stackalloc int[32];
        int* nexts = stackalloc int[32];
        for (int round = 0; round < Rounds; round++)
        {
            FillKeys(random, keys, row);
            FillGaps(random, ends, nexts);
            ulong page = Math.Clamp(keys[random.Next(64)], 1, 1UL << 60) + (ulong)random.Next(3) - 1;
            int value = random.Next(3) == 0 ? LeafNode.Saturated : row[random.Next(64)];
            int offset = Math.Clamp(nexts[random.Next(32)] + random.Next(-1, 2), 0, LeafNode.Saturated - 1);
            int mask = (1 << random.Next(19)) - 1;
            int length = random.Next(1, 100);
            foreach (int width in Widths())
            {
                Assert.Equal(NodeKernelsScalar.CountAtOrBelow(keys, page), width switch
                {
                    512 => NodeKernels512.CountAtOrBelow(keys, page),
                    256 => NodeKernels256.CountAtOrBelow(keys, page),
                    _ => NodeKernels128.CountAtOrBelow(keys, page),
                });
                Assert.Equal(NodeKernelsScalar.AtLeast(row, value), width switch
                {
                    512 => NodeKernels512.AtLeast(row, value),
                    256 => NodeKernels256.AtLeast(row, value),
                    _ => NodeKernels128.AtLeast(row, value),
                });
                Assert.Equal(NodeKernelsScalar.Largest(row), width switch
                {
                    512 => NodeKernels512.Largest(row),
                    256 => NodeKernels256.Largest(row),
                    _ => NodeKernels128.Largest(row),
                });
                Assert.Equal(NodeKernelsScalar.Above(nexts, offset), width switch
                {
                    512 => NodeKernels512.Above(nexts, offset),
                    256 => NodeKernels256.Above(nexts, offset),
                    _ => NodeKernels128.Above(nexts, offset),
                });
                Assert.Equal(NodeKernelsScalar.Differing(ends, nexts), width switch
                {
                    512 => NodeKernels512.Differing(ends, nexts),
                    256 => NodeKernels256.Differing(ends, nexts),
                    _ => NodeKernels128.Differing(ends, nexts),
                });
                Assert.Equal(NodeKernelsScalar.Fitting(ends, nexts, offset, mask, length), width switch
                {
                    512 => NodeKernels512.Fitting(ends, nexts, offset, mask, length),
                    256 => NodeKernels256.Fitting(ends, nexts, offset, mask, length),
                    _ => NodeKernels128.Fitting(ends, nexts, offset, mask, length),
                });
            }
        }
    }

    [Fact]
    public void Searches_in_groups_are_equal_in_every_width_and_find_the_child()
    {
        Random random = new(4);
        int* group = stackalloc int[InnerNode.GroupInts];
        for (int round = 0; round < Rounds; round++)
        {
            int[,] figures = new int[InnerNode.Capacity, InnerNode.GroupLanes];
            int[] largest = new int[InnerNode.GroupLanes];
            int spread = random.Next(2) == 0 ? 50 : LeafNode.Saturated;
            for (int child = 0; child < InnerNode.Capacity; child++)
            {
                for (int lane = 0; lane < InnerNode.GroupLanes; lane++)
                {
                    int figure = random.Next(spread);
                    figures[child, lane] = figure;
                    largest[lane] = Math.Max(largest[lane], figure);
                    group[InnerNode.PlaceOf(child) + lane] = figure;
                }
            }

            int searched = random.Next(InnerNode.GroupLanes);
            int least = figures[random.Next(InnerNode.Capacity), searched] + random.Next(2);
            ulong expected = 0;
            for (int child = 0; child < InnerNode.Capacity; child++)
            {
                expected |= figures[child, searched] >= least ? 1UL << child : 0;
            }

            Vector128<int> expectedLargest = Vector128.Create(largest);
            Assert.Equal(expected, GroupKernels.AtLeastScalar(group, searched, least));
            Assert.Equal(expectedLargest, GroupKernels.LargestScalar(group));
            foreach (int width in Widths())
            {
                Assert.Equal(expected, width switch
                {
                    512 => GroupKernels.AtLeast512(group, searched, least),
                    256 => GroupKernels.AtLeast256(group, searched, least),
                    _ => GroupKernels.AtLeast128(group, searched, least),
                });
                Assert.Equal(expectedLargest, width switch
                {
                    512 => GroupKernels.Largest512(group),
                    256 => GroupKernels.Largest256(group),
                    _ => GroupKernels.Largest128(group),
                });
            }
        }
    }

    [Fact]
    public void Elements_move_equally_in_every_width()
    {
        Random random = new(2);
        int* ints = stackalloc int[34];
        int* expectedInts = stackalloc int[34];
        for (int index = 0; index < 32; index++)
        {
            for (int opens = 0; opens < 2; opens++)
            {
                for (int i = 0; i < 34; i++)
                {
                    ints[i] = expectedInts[i] = random.Next();
                }

                if (opens == 1)
                {
                    NodeKernelsScalar.Open(expectedInts + 1, index, 7);
                    NodeKernels.Open(ints + 1, index, 7);
                }
                else
                {
                    NodeKernelsScalar.Close(expectedInts + 1, index, 7);
                    NodeKernels.Close(ints + 1, index, 7);
                }

                Assert.True(new Span<int>(expectedInts, 34).SequenceEqual(new Span<int>(ints, 34)));
            }
        }
    }

    [Fact]
    public void Figures_are_equal_in_every_width()
    {
        Random random = new(3);
        int* ends = stackalloc int[32];
        int* nexts = stackalloc int[32];
        for (int round = 0; round < Rounds; round++)
        {
            FillGaps(random, ends, nexts);
            int gap = random.Next(32);
            int low = ends[gap];
            int high = nexts[gap];
            int start = low + random.Next(high - low + 1);
            int end = start + random.Next(high - start + 1);
            int[][] figures = [.. Widths().Prepend(0).Select(_ => new int[FigureClasses.Count])];
            uint[] results = new uint[figures.Length];
            for (int kernel = 0; kernel < 5; kernel++)
            {
                for (int i = 0; i < figures.Length; i++)
                {
                    fixed (int* own = figures[i], others = figures[0])
                    {
                        int width = i == 0 ? 0 : Widths().ElementAt(i - 1);
                        results[i] = Apply(width, kernel, own, others, ends, nexts, low, start, end, high);
                    }
                }

                Assert.All(results, result => Assert.Equal(results[0], result));
                Assert.All(figures, figure => Assert.Equal(figures[0], figure));
            }
        }
    }

    private static uint Apply(
        int width, int kernel, int* own, int* others, int* ends, int* nexts, int low, int start, int end, int high)
    {
        switch ((width, kernel))
        {
            case (0, 0): FigureKernelsScalar.OfGaps(ends, nexts, own); return 0;
            case (512, 0): FigureKernels512.OfGaps(ends, nexts, own); return 0;
            case (256, 0): FigureKernels256.OfGaps(ends, nexts, own); return 0;
            case (128, 0): FigureKernels128.OfGaps(ends, nexts, own); return 0;
            case (0, 1): return FigureKernelsScalar.Bound(own, low, start, end, high);
            case (512, 1): return FigureKernels512.Bound(own, low, start, end, high);
            case (256, 1): return FigureKernels256.Bound(own, low, start, end, high);
            case (128, 1): return FigureKernels128.Bound(own, low, start, end, high);
            case (0, 2): return FigureKernelsScalar.Raise(own, low, high + 1000);
            case (512, 2): return FigureKernels512.Raise(own, low, high + 1000);
            case (256, 2): return FigureKernels256.Raise(own, low, high + 1000);
            case (128, 2): return FigureKernels128.Raise(own, low, high + 1000);
            case (0, 3): return FigureKernelsScalar.Same(own, others);
            case (512, 3): return FigureKernels512.Same(own, others);
            case (256, 3): return FigureKernels256.Same(own, others);
            case (128, 3): return FigureKernels128.Same(own, others);
            case (0, 4): return FigureKernelsScalar.Join(own, others);
            case (512, 4): return FigureKernels512.Join(own, others);
            case (256, 4): return FigureKernels256.Join(own, others);
            default: return FigureKernels128.Join(own, others);
        }
    }

    /// <summary>The widths that this processor, with the runtime's switches as they are, has.</summary>
    private static IEnumerable<int> Widths()
    {
        if (Vector512.IsHardwareAccelerated)
        {
            yield return 512;
        }

        if (Vector256.IsHardwareAccelerated)
        {
            yield return 256;
        }

        if (Vector128.IsHardwareAccelerated)
        {
            yield return 128;
        }
    }

    private static void FillKeys(Random random, ulong* keys, int* row)
    {
        int count = random.Next(1, 65);
        ulong key = random.Next(2) == 0 ? 0 : (ulong)random.NextInt64(1L << 52);
        for (int i = 0; i < 64; i++)
        {
            keys[i] = i < count ? key : InnerNode.NoKey;
            row[i] = i < count ? random.Next(random.Next(2) == 0 ? 50 : LeafNode.Saturated) : 0;
            key += (ulong)random.NextInt64(1, 1L << random.Next(1, 40));
        }
    }

    private static void FillGaps(Random random, int* ends, int* nexts)
    {
        int count = random.Next(1, 33);
        int spread = 1 << random.Next(1, 25);
        int at = random.Next(spread);
        for (int i = 0; i < 32; i++)
        {
            ends[i] = i < count ? at : LeafNode.Saturated;
            at += random.Next(3) == 0 ? 0 : random.Next(spread);
            nexts[i] = i < count ? at : LeafNode.Saturated;
            at += random.Next(1, spread + 1);
        }
    }
}
