namespace NativeVm.Objects;

/// <summary>
/// How many snapshots of a range there are. Apart from the range, because a finalizer may be what ends a snapshot.
/// </summary>
internal sealed class SnapshotCount
{
    private int _value;

    public int Value => Volatile.Read(ref _value);

    public void Increment() => Interlocked.Increment(ref _value);

    public void Decrement() => Interlocked.Decrement(ref _value);
}
