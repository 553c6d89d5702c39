using NativeVm.Tool.Replay.Heaps;

namespace NativeVm.Tests.Tool.Replay.Heaps;

/// <summary>A heap without memory: blocks lie one behind the other at addresses that stand for nothing.</summary>
internal sealed class FakeHeap : IHeapTarget
{
    private const nuint Start = 0x10_0000;
    private readonly Dictionary<nuint, (int Number, nuint ByteCount)> _live = [];
    private nuint _end = Start;
    private int _count;

    public List<string> Requests { get; } = [];

    public nuint LargestByteCount { get; init; } = nuint.MaxValue;

    public bool IsDisposed { get; private set; }

    public bool TryAllocate(nuint byteCount, nuint alignment, out nuint address)
    {
        Requests.Add($"allocate {byteCount}{(alignment == 0 ? string.Empty : $" at {alignment}")}");
        address = 0;
        if (byteCount > LargestByteCount)
        {
            return false;
        }

        address = alignment == 0 ? _end : (_end + alignment - 1) / alignment * alignment;
        _end = address + byteCount;
        _live.Add(address, (_count++, byteCount));
        return true;
    }

    public bool TryResize(nuint address, nuint oldByteCount, nuint byteCount, out nuint moved)
    {
        (int number, nuint length) = _live[address];
        Assert.Equal(length, oldByteCount);
        Requests.Add($"resize {number} {byteCount}");
        moved = address;
        if (byteCount > LargestByteCount)
        {
            return false;
        }

        _live.Remove(address);
        moved = _end;
        _end += byteCount;
        _live.Add(moved, (number, byteCount));
        return true;
    }

    public void Free(nuint address, nuint byteCount, bool isAligned)
    {
        Assert.True(_live.Remove(address, out (int Number, nuint ByteCount) block));
        Assert.Equal(block.ByteCount, byteCount);
        Requests.Add($"free {block.Number}{(isAligned ? " aligned" : string.Empty)}");
    }

    public void Dispose()
    {
        Assert.Empty(_live);
        IsDisposed = true;
    }
}
