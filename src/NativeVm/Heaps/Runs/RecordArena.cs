using NativeVm.Metadata;
using NativeVm.Platform;

namespace NativeVm.Heaps;

/// <summary>
/// A heap's records, by number: multiples of 64 bytes, each aligned to a cache line. What is given back is kept by
/// size. Not thread-safe.
/// </summary>
/// <remarks>Number 0 is no record. A record's bytes are 0 when it is new, and what they were when it is used again.</remarks>
internal sealed unsafe class RecordArena : IDisposable
{
    /// <summary>log2 of the bytes that a number stands for.</summary>
    public const int LineShift = 6;

    private const nuint LineByteCount = 1 << LineShift;
    private const int MaxLineCount = 512;

    private readonly MetadataArena _arena;
    private readonly uint[] _free = new uint[MaxLineCount + 1];
    private nuint _lineCount = 1;

    public RecordArena(VmPlatform platform, nuint maxByteCount)
    {
        _arena = new MetadataArena(platform, maxByteCount);
        if (!_arena.TryGrow(LineByteCount))
        {
            _arena.Dispose();
            throw new InsufficientMemoryException("The system has no memory for the records of a heap.");
        }
    }

    /// <summary>The address of record 0; it never changes.</summary>
    public byte* Base => _arena.Base;

    /// <summary>Bytes of memory that the records take.</summary>
    public nuint CommittedByteCount => _arena.CommittedByteCount;

    /// <summary>Takes a record.</summary>
    public bool TryTake(nuint byteCount, out uint number)
    {
        nuint lineCount = LineCount(byteCount);
        number = _free[lineCount];
        if (number != 0)
        {
            _free[lineCount] = At(number)->Next;
            return true;
        }

        nuint end = _lineCount + lineCount;
        if (end > uint.MaxValue || !_arena.TryGrow(end << LineShift))
        {
            return false;
        }

        number = (uint)_lineCount;
        _lineCount = end;
        return true;
    }

    /// <summary>Gives a record back, of which nothing but the late-comers' fields is kept.</summary>
    public void GiveBack(uint number, nuint byteCount)
    {
        RunRecord* record = At(number);
        record->Unit = 0;
        record->Next = _free[LineCount(byteCount)];
        _free[LineCount(byteCount)] = number;
    }

    /// <summary>A record by its number.</summary>
    public RunRecord* At(uint number) => (RunRecord*)(_arena.Base + ((nuint)number << LineShift));

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();

    private static nuint LineCount(nuint byteCount) => (byteCount + (LineByteCount - 1)) >> LineShift;
}
