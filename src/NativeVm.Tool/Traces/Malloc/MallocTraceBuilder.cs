using System.Numerics;
using NativeVm.Tool.Commands;

namespace NativeVm.Tool.Traces.Malloc;

/// <summary>Puts slots in the place of pointers, and leaves out what cannot have happened.</summary>
/// <remarks>
/// A free of what was never seen allocated belongs to the time before the recording and is left out; a resize of it
/// is an allocation. An allocation at the place of a live block tells that the free of that block is missing: it is
/// put in. So every step of the trace can be replayed.
/// </remarks>
internal sealed class MallocTraceBuilder(string name, LineTally tally)
{
    // More live bytes than any address space has are not replayed, nor more steps than have room in a gibibyte.
    private const ulong MostLiveBytes = 1UL << 46;
    private const int MostSteps = 1 << 26;
    private const ulong LargestAlignment = 1UL << 30;

    private readonly List<MallocStep> _steps = [];
    private readonly Dictionary<ulong, (int Slot, ulong ByteCount)> _live = [];
    private readonly Stack<int> _freeSlots = [];
    private int _slotCount;
    private ulong _liveBytes;
    private ulong _peakBytes;

    /// <summary>Steps until now.</summary>
    public int Count => _steps.Count;

    /// <summary>Adds a line.</summary>
    /// <param name="line">The line.</param>
    /// <exception cref="ToolException">There are too many.</exception>
    public void Add(in MallocLine line)
    {
        switch (line.Letter)
        {
            case (byte)'a':
                Allocate(line.First, line.Second, alignment: 0);
                break;
            case (byte)'m':
                Allocate(line.First, line.Second, line.Third);
                break;
            case (byte)'r':
                Resize(line.First, line.Second, line.Third);
                break;
            default:
                Free(line.First);
                break;
        }
    }

    /// <summary>The trace.</summary>
    /// <param name="isCutOff">Whether it ended in the middle of a line.</param>
    public MallocTrace Build(bool isCutOff) => new(name, [.. _steps], _slotCount, _peakBytes, tally, isCutOff);

    private void Allocate(ulong pointer, ulong byteCount, ulong alignment)
    {
        if (pointer == 0)
        {
            tally.Skip(SkipReason.Failed);
            return;
        }

        bool isAligned = alignment > 1;
        if (isAligned && (!BitOperations.IsPow2(alignment) || alignment > LargestAlignment))
        {
            tally.Skip(SkipReason.ImpossibleRange);
            return;
        }

        Forget(pointer);
        if (byteCount > MostLiveBytes - _liveBytes)
        {
            tally.Skip(SkipReason.ImpossibleRange);
            return;
        }

        if (!_freeSlots.TryPop(out int slot))
        {
            slot = _slotCount++;
        }

        byte shift = isAligned ? (byte)BitOperations.Log2(alignment) : (byte)0;
        AddStep(new MallocStep(isAligned ? MallocStepKind.AllocateAligned : MallocStepKind.Allocate, shift, slot, byteCount));
        _live.Add(pointer, (slot, byteCount));
        AddBytes(byteCount);
    }

    private void Resize(ulong old, ulong pointer, ulong byteCount)
    {
        if (pointer == 0)
        {
            // A length of 0 frees the block; any other failed and left it as it was.
            if (byteCount == 0)
            {
                Free(old);
            }
            else
            {
                tally.Skip(SkipReason.Failed);
            }

            return;
        }

        if (!_live.TryGetValue(old, out (int Slot, ulong ByteCount) block))
        {
            Allocate(pointer, byteCount, alignment: 0);
            return;
        }

        if (old != pointer)
        {
            Forget(pointer);
        }

        if (byteCount > MostLiveBytes - (_liveBytes - block.ByteCount))
        {
            tally.Skip(SkipReason.ImpossibleRange);
            return;
        }

        AddStep(new MallocStep(MallocStepKind.Resize, 0, block.Slot, byteCount));
        _live.Remove(old);
        _live.Add(pointer, (block.Slot, byteCount));
        _liveBytes -= block.ByteCount;
        AddBytes(byteCount);
    }

    private void Free(ulong pointer)
    {
        if (!Forget(pointer))
        {
            tally.Skip(SkipReason.UnknownAddress);
        }
    }

    private bool Forget(ulong pointer)
    {
        if (!_live.Remove(pointer, out (int Slot, ulong ByteCount) block))
        {
            return false;
        }

        AddStep(new MallocStep(MallocStepKind.Free, 0, block.Slot, 0));
        _freeSlots.Push(block.Slot);
        _liveBytes -= block.ByteCount;
        return true;
    }

    private void AddBytes(ulong byteCount)
    {
        _liveBytes += byteCount;
        _peakBytes = Math.Max(_peakBytes, _liveBytes);
    }

    private void AddStep(in MallocStep step)
    {
        if (_steps.Count == MostSteps)
        {
            throw ToolException.BadInput($"{name} holds more than {MostSteps:N0} heap calls; cut it into parts.");
        }

        _steps.Add(step);
    }
}
