using NativeVm.Tests.Map;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Hardening;

/// <summary>
/// How hard random places are to guess, measured by how often two draws are the same (the entropy of order two, which
/// no other one that matters is above by much).
/// </summary>
/// <remarks>The bounds are those of chance: a correct implementation misses one about once in a million runs.</remarks>
public sealed unsafe class EntropyTests
{
    [Fact]
    public void A_random_place_in_a_map_has_all_the_bits_that_there_are_places()
    {
        // 2^18 places: 8192 draws meet 128 times.
        using VmMap map = TestMaps.Simulated(TestMaps.WholeSpace(), 1 << 30, 1 << 18);
        using VmMapLockScope scope = map.EnterWriteLock();
        SpaceRequest request = new(TestMaps.Page) { Policy = SpacePolicy.Random };
        double bits = Measure(8192, () => map.TryFindSpace(request, out nuint address) ? address : 0);
        Assert.True(bits > 17.3, $"{bits:F2} bits");
    }

    [Fact]
    public void A_block_of_a_hardened_heap_has_nearly_all_the_bits_that_a_slab_has_blocks()
    {
        using VmHeap heap = new(new VmHeapOptions { Hardening = VmHeapHardening.RandomPlacement });
        double bits = Measure(8192, () =>
        {
            void* block = heap.Allocate(64);
            heap.Free(block);
            return (nuint)block;
        });

        // A slab has 1024 blocks of 64 bytes.
        Assert.True(bits > 9.8, $"{bits:F2} bits");
    }

    [CapabilityFact(Needs.CheapReservations)]
    public void Where_a_growable_map_begins_differs_from_map_to_map()
    {
        double bits = Measure(256, static () =>
        {
            using VmMap map = new(new VmMapOptions { ByteCount = 1 << 20, IsGrowable = true });
            return map.MinAddress;
        });
        Assert.True(bits > 12, $"{bits:F2} bits");
    }

    /// <summary>log2 of the number of pairs of draws over the number of those that are equal, or might have been.</summary>
    private static double Measure(int drawCount, Func<nuint> draw)
    {
        Dictionary<nuint, int> counts = [];
        for (int i = 0; i < drawCount; i++)
        {
            nuint value = draw();
            counts[value] = counts.GetValueOrDefault(value) + 1;
        }

        double equalPairs = counts.Values.Sum(static count => count * (count - 1.0) / 2);
        double pairs = drawCount * (drawCount - 1.0) / 2;
        return Math.Log2(pairs / Math.Max(1, equalPairs));
    }
}
