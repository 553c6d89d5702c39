using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Objects;

/// <summary>A snapshot is what the range was, whatever is written, taken or merged afterwards.</summary>
public sealed unsafe class VmSnapshotTests
{
    private const nuint Page = 4096;
    private const nuint Size = 256 * Page;

    public static TheoryData<bool> KnowsCopies => [true, false];

    [CapabilityFact(Needs.SharedMemoryObjects)]
    public void Writers_go_on_and_the_snapshot_stays()
    {
        using VmSnapshotRange range = new(new VmSnapshotOptions { ByteCount = Size, Name = "live" });
        Assert.Equal(range.IsCopyOnWrite, range.IsUpToDate);
        range.GetSpan(0, Size).Fill(1);
        VmSnapshot first = range.Take();
        Assert.False(range.IsUpToDate);
        range.GetSpan(Page, Page).Fill(2);
        Assert.Equal(-1, first.GetSpan(0, Size).IndexOfAnyExcept((byte)1));

        using VmSnapshot second = range.Take();
        range.GetSpan(0, 3 * Page).Fill(3);
        Assert.Equal(-1, first.GetSpan(0, Size).IndexOfAnyExcept((byte)1));
        Assert.Equal(-1, second.GetSpan(Page, Page).IndexOfAnyExcept((byte)2));
        Assert.Equal(-1, second.GetSpan(2 * Page, Size - (2 * Page)).IndexOfAnyExcept((byte)1));
        Assert.Equal(2, range.GetStatistics().SnapshotCount);
        if (range.IsCopyOnWrite)
        {
            Assert.Equal(VmResult.InvalidArgument, range.TryMerge());
            Assert.Equal((ulong)Page, range.GetStatistics().CopiedByteCount);
        }

        first.Dispose();
        first.Dispose();
        Assert.Throws<ObjectDisposedException>(() => first.Address);
        range.Dispose();
        range.Dispose();
        Assert.Equal(2, second.GetSpan(Page, 1)[0]);
        Assert.Throws<ObjectDisposedException>(() => range.Take());
        Assert.Throws<ObjectDisposedException>(() => range.TryMerge());
        Assert.Throws<ArgumentOutOfRangeException>(() => second.GetSpan(1, Size).Length);
    }

    [CapabilityTheory(Needs.SharedMemoryObjects)]
    [MemberData(nameof(KnowsCopies))]
    public void Any_order_of_writing_taking_merging_and_disposing_shows_the_right_bytes(bool knowsCopies)
    {
        foreach (int seed in (int[])[1, 2, 3])
        {
            FaultInjectingPlatform platform = new(VmPlatform.Current);
            platform.Arm(knowsCopies ? FaultPlan.None : FaultPlan.Operation(SystemOperation.QueryCopiedPages));
            using SnapshotModel model = new(platform, Size, new Random(seed));
            for (int step = 0; step < 1500; step++)
            {
                model.Step();
            }

            model.VerifyAll();
        }
    }

    [CapabilityFact(Needs.SharedMemoryObjects | Needs.Linux)]
    public void A_merge_gives_the_copies_back_and_leaves_one_mapping()
    {
        using VmMap map = new(new VmMapOptions { ByteCount = 4 * ObjectSystems.MiB });
        VmSnapshotRange range = new(new VmSnapshotOptions { ByteCount = Size, Map = map });
        range.GetSpan(0, Size).Fill(1);
        range.Take().Dispose();
        range.GetSpan(0, Size / 2).Fill(2);
        ulong[] copies = new ulong[4];
        VmPlatform.Current.QueryCopiedPages(range.Address, Size, copies).ThrowIfRefused();
        Assert.Equal([ulong.MaxValue, ulong.MaxValue, 0, 0], copies);
        Assert.Equal(VmResult.Success, range.TryMerge());
        Assert.True(range.IsUpToDate);
        VmPlatform.Current.QueryCopiedPages(range.Address, Size, copies).ThrowIfRefused();
        Assert.Equal([0, 0, 0, 0], copies);
        VmPlatform.Current.CountMappings(range.Address, Size, out nuint count).ThrowIfRefused();
        Assert.Equal((nuint)1, count);
        Assert.Equal(2, range.GetSpan(0, 1)[0]);
        Assert.Equal(1, range.GetSpan(Size - 1, 1)[0]);
        Assert.Equal(VmResult.Success, range.TryMerge());
        Assert.Equal((ulong)(Size / 2), range.GetStatistics().CopiedByteCount);
        map.Validate();
        range.Dispose();
        Assert.Equal((nuint)0, map.GetStatistics().EntryCount);
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
    }

    [CapabilityFact(Needs.SharedMemoryObjects | Needs.Linux)]
    public void The_cut_is_one_moment_for_all_writers()
    {
        using VmSnapshotRange range = new(new VmSnapshotOptions { ByteCount = SnapshotWriters.ByteCount });
        using SnapshotWriters writers = new(range.Address);
        long last = 0;
        for (int round = 0; round < 60; round++)
        {
            bool isHeldOff = round % 3 == 2;
            if (isHeldOff)
            {
                writers.HoldOff();
            }

            using (VmSnapshot snapshot = range.Take())
            {
                writers.GoOn();
                long cut = SnapshotWriters.Verify(snapshot.Address);
                Assert.True(cut >= last);
                last = cut;
                SpinWait.SpinUntil(() => writers.Rounds > cut + 1);
                Assert.Equal(cut, SnapshotWriters.Verify(snapshot.Address));
            }

            // Every third snapshot is taken of a range that has not been merged.
            if (round % 3 != 1)
            {
                writers.HoldOff();
                Assert.Equal(VmResult.Success, range.TryMerge());
                Assert.True(range.IsUpToDate);
                writers.GoOn();
            }
        }

        Assert.True(last > 0);
    }

    [CapabilityFact(Needs.Posix)]
    public void Writing_a_snapshot_kills() =>
        ChildProcess.Run(nameof(CodeScenarios.WriteSnapshot)).AssertDiedOfMemoryFault();

    [CapabilityFact(Needs.SharedMemoryObjects)]
    public void Every_refusal_leaves_the_range_and_its_snapshots_as_they_were()
    {
        Dictionary<string, Func<SnapshotState, bool>> acts = new()
        {
            ["make"] = state => state.MakeAnother(),
            ["take the first"] = state => state.TakeFrom(state.UpToDate),
            ["take another when none is alive"] = state => state.TakeFrom(state.Written),
            ["take another when one is alive"] = state => state.TakeFrom(state.Watched),
            ["merge"] = state => state.Written.TryMerge().IsSuccess,
        };
        foreach ((string name, Func<SnapshotState, bool> act) in acts)
        {
            FaultSweepReport report = FaultSweep.Run(
                platform => new SnapshotState(platform),
                act,
                (state, succeeded) => state.Verify(),
                ObjectSystems.Real);

            // Where snapshots are plain copies there is nothing to merge, and nothing is asked of the system.
            bool asksNothing = name == "merge" && OperatingSystem.IsWindows();
            Assert.Equal(!asksNothing, report.FailedRunCount > 0);
        }
    }
}
