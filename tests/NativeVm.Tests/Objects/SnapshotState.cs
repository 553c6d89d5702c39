using NativeVm.Platform;

namespace NativeVm.Tests.Objects;

/// <summary>Three ranges in the states that the next snapshot differs in, for a sweep.</summary>
internal sealed class SnapshotState : IDisposable
{
    private const nuint Size = 64 << 10;

    private readonly VmPlatform _platform;
    private readonly VmSnapshot _watching;
    private readonly List<VmSnapshot> _taken = [];
    private VmSnapshotRange? _another;

    public SnapshotState(VmPlatform platform)
    {
        _platform = platform;
        UpToDate = Make();
        Written = Make();
        Written.Take().Dispose();
        Written.GetSpan(5000, 100).Fill(9);
        Watched = Make();
        _watching = Watched.Take();
        Watched.GetSpan(5000, 100).Fill(9);
    }

    public VmSnapshotRange UpToDate { get; }

    public VmSnapshotRange Written { get; }

    public VmSnapshotRange Watched { get; }

    public bool MakeAnother()
    {
        VmResult result = VmSnapshotRange.TryCreate(new() { ByteCount = Size, Platform = _platform }, out _another);
        return result.IsSuccess;
    }

    public bool TakeFrom(VmSnapshotRange range)
    {
        int before = range.GetStatistics().SnapshotCount;
        bool isTaken = range.TryTake(out VmSnapshot? snapshot).IsSuccess;
        Assert.Equal(isTaken, snapshot is not null);
        Assert.Equal(before + (isTaken ? 1 : 0), range.GetStatistics().SnapshotCount);
        if (isTaken)
        {
            _taken.Add(snapshot!);
            int expected = range == UpToDate ? 1 : 9;
            Assert.Equal(expected, snapshot!.GetSpan(5050, 1)[0]);
            range.GetSpan(5050, 1)[0] ^= 0x80;
            Assert.Equal(expected, snapshot.GetSpan(5050, 1)[0]);
            range.GetSpan(5050, 1)[0] ^= 0x80;
        }

        return isTaken;
    }

    public void Verify()
    {
        Assert.Equal(-1, UpToDate.GetSpan(0, Size).IndexOfAnyExcept((byte)1));
        foreach (VmSnapshotRange range in (VmSnapshotRange[])[Written, Watched])
        {
            Assert.Equal(-1, range.GetSpan(5000, 100).IndexOfAnyExcept((byte)9));
            Assert.Equal(-1, range.GetSpan(5100, Size - 5100).IndexOfAnyExcept((byte)1));
        }

        Assert.Equal(-1, _watching.GetSpan(0, Size).IndexOfAnyExcept((byte)1));
    }

    public void Dispose()
    {
        _taken.ForEach(static snapshot => snapshot.Dispose());
        _watching.Dispose();
        UpToDate.Dispose();
        Written.Dispose();
        Watched.Dispose();
        _another?.Dispose();
    }

    private VmSnapshotRange Make()
    {
        VmSnapshotRange range = new(new VmSnapshotOptions { ByteCount = Size, Platform = _platform });
        range.GetSpan(0, Size).Fill(1);
        return range;
    }
}
