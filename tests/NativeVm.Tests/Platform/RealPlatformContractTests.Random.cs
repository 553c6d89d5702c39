using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform;

public abstract partial class RealPlatformContractTests
{
    private const int ModelPages = 512;

    [CapabilityFact]
    public void Random_commits_decommits_and_purges_agree_with_a_model_and_end_as_one_mapping()
    {
        using PlatformRange range = PlatformRange.Reserve(Subject, ModelPages * Page);

        // What each page holds: -1 not committed, else the byte that it is filled with.
        int[] model = new int[ModelPages];
        Array.Fill(model, -1);
        var random = new Random(20260727);
        for (int step = 0; step < 4000; step++)
        {
            int first = random.Next(ModelPages);
            int count = random.Next(1, int.Min(32, ModelPages - first) + 1);
            Step(range, model, random, first, count);
            if (step % 256 == 0)
            {
                AssertModel(range, model);
            }
        }

        AssertModel(range, model);
        Succeed(Subject.Decommit(range.Address, range.ByteCount));
        Assert.Equal(0u, Resident(range));
        AssertOneMapping(range.Address, range.ByteCount);
    }

    [CapabilityFact]
    public void Single_decommits_with_their_traits_leave_one_mapping()
    {
        RangeTraits traits = RangeTraits.None;
        using PlatformRange range = PlatformRange.Reserve(Subject, 256 * Granule);
        foreach ((PageAdvice advice, RangeTraits trait) in new[]
        {
            (PageAdvice.ExcludeFromCoreDumps, RangeTraits.ExcludedFromCoreDumps),
            (PageAdvice.HugePages, RangeTraits.HugePages),
            (PageAdvice.ExcludeFromFork, RangeTraits.ExcludedFromFork),
        })
        {
            if (Subject.Supports(advice))
            {
                Succeed(Subject.Advise(range.Address, range.ByteCount, advice));
                traits |= trait;
            }
        }

        int[] order = [.. Enumerable.Range(0, 256)];
        new Random(7).Shuffle(order);
        foreach (int i in order)
        {
            Succeed(Subject.Commit(range.Address + ((nuint)i * Granule), Granule, PageProtection.ReadWrite));
            range.Bytes((nuint)i * Granule, 1)[0] = 1;
        }

        new Random(8).Shuffle(order);
        foreach (int i in order)
        {
            Succeed(Subject.Decommit(range.Address + ((nuint)i * Granule), Granule, traits));
        }

        AssertOneMapping(range.Address, range.ByteCount);
    }

    [CapabilityFact]
    public void Threads_that_reserve_inside_the_same_bounds_never_get_the_same_place()
    {
        nuint middle = FindRoom(128 * MiB) + (64 * MiB);
        Placement placement = Placement.Within(middle, 64 * MiB);
        var all = new List<PlatformRange>();
        Parallel.For(0, 4, thread =>
        {
            for (int i = 0; i < 32; i++)
            {
                PlatformRange range = PlatformRange.Commit(Subject, 4 * Granule, placement);
                range.Bytes().Fill((byte)(thread + 1));
                lock (all)
                {
                    all.Add(range);
                }
            }
        });

        all.Sort((a, b) => a.Address.CompareTo(b.Address));
        for (int i = 0; i < all.Count; i++)
        {
            Assert.True(i == 0 || all[i - 1].End <= all[i].Address);
            Assert.False(all[i].Bytes().ContainsAnyExcept(all[i].Bytes()[0]));
        }

        all.ForEach(range => range.Dispose());
    }

    private void Step(PlatformRange range, int[] model, Random random, int first, int count)
    {
        nuint address = range.Address + ((nuint)first * Page);
        nuint byteCount = (nuint)count * Page;
        if (random.Next(2) == 0)
        {
            Succeed(Subject.Decommit(address, byteCount));
            model.AsSpan(first, count).Fill(-1);
            return;
        }

        Succeed(Subject.Commit(address, byteCount, PageProtection.ReadWrite));
        foreach (ref int page in model.AsSpan(first, count))
        {
            page = int.Max(page, 0);
        }

        if (random.Next(4) == 0 && Subject.Supports(PlatformCapabilities.PurgeReadsZero))
        {
            Succeed(Subject.Purge(address, byteCount));
            model.AsSpan(first, count).Clear();
        }
        else if (random.Next(2) == 0)
        {
            int value = random.Next(1, 256);
            range.Bytes((nuint)first * Page, byteCount).Fill((byte)value);
            model.AsSpan(first, count).Fill(value);
        }
    }

    private void AssertModel(PlatformRange range, int[] model)
    {
        for (int i = 0; i < model.Length; i++)
        {
            nuint offset = (nuint)i * Page;
            if (model[i] >= 0)
            {
                Assert.False(range.Bytes(offset, Page).ContainsAnyExcept((byte)model[i]));
            }
            else
            {
                AssertRegion(range.Address + offset, PageState.Reserved, PageProtection.None);
            }
        }
    }

    private void AssertOneMapping(nuint address, nuint byteCount)
    {
        SystemReply reply = Subject.CountMappings(address, byteCount, out nuint count);
        if (reply.Reason != RefusalReason.NotSupported)
        {
            Succeed(reply);
            Assert.Equal(1u, count);
        }
    }
}
