using NativeVm.Platform;

namespace NativeVm.Tests.Objects;

/// <summary>A range and its snapshots beside arrays that were copied.</summary>
internal sealed class SnapshotModel : IDisposable
{
    private const int MostSnapshots = 5;

    private readonly Random _random;
    private readonly VmSnapshotRange _range;
    private readonly byte[] _live;
    private readonly List<(VmSnapshot Snapshot, byte[] Contents)> _snapshots = [];

    public SnapshotModel(VmPlatform platform, nuint byteCount, Random random)
    {
        _random = random;
        _range = new VmSnapshotRange(new VmSnapshotOptions { ByteCount = byteCount, Platform = platform });
        _live = new byte[_range.ByteCount];
    }

    public void Step()
    {
        switch (_random.Next(12))
        {
            case 0 when _snapshots.Count < MostSnapshots:
                _snapshots.Add((_range.Take(), (byte[])_live.Clone()));
                break;
            case 1 or 2 when _snapshots.Count > 0:
                int victim = _random.Next(_snapshots.Count);
                Verify(_snapshots[victim]);
                _snapshots[victim].Snapshot.Dispose();
                _snapshots.RemoveAt(victim);
                break;
            case 3:
                bool isCopyOnWrite = _range.IsCopyOnWrite;
                bool wasUpToDate = _range.IsUpToDate || !isCopyOnWrite;
                VmResult expected = wasUpToDate || _snapshots.Count == 0 ? VmResult.Success : VmResult.InvalidArgument;
                Assert.Equal(expected, _range.TryMerge());
                break;
            default:
                int length = _random.Next(4) == 0 ? _random.Next(1, 40_000) : _random.Next(1, 64);
                int offset = _random.Next(_live.Length - length);
                _random.NextBytes(_live.AsSpan(offset, length));
                _live.AsSpan(offset, length).CopyTo(_range.GetSpan((nuint)offset, (nuint)length));
                break;
        }
    }

    public void VerifyAll()
    {
        Assert.True(_live.AsSpan().SequenceEqual(_range.GetSpan(0, _range.ByteCount)), "The range.");
        foreach ((VmSnapshot, byte[]) snapshot in _snapshots)
        {
            Verify(snapshot);
        }
    }

    public void Dispose()
    {
        foreach ((VmSnapshot snapshot, _) in _snapshots)
        {
            snapshot.Dispose();
        }

        _range.Dispose();
    }

    private static void Verify((VmSnapshot Snapshot, byte[] Contents) pair) => Assert.True(
        pair.Contents.AsSpan().SequenceEqual(pair.Snapshot.GetSpan(0, pair.Snapshot.ByteCount)), "A snapshot.");
}
