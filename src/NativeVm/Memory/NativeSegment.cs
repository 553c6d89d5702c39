using System.Buffers;

namespace NativeVm.Memory;

/// <summary>A link of a sequence over native memory.</summary>
internal sealed class NativeSegment : ReadOnlySequenceSegment<byte>
{
    private NativeSegment(ReadOnlyMemory<byte> memory, long runningIndex)
    {
        Memory = memory;
        RunningIndex = runningIndex;
    }

    /// <summary>The sequence of pieces that the caller has one after the other; each is as long as it is to be.</summary>
    public static ReadOnlySequence<byte> Link(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        NativeSegment? first = null;
        NativeSegment? last = null;
        foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            NativeSegment segment = new(piece, last is null ? 0 : last.RunningIndex + last.Memory.Length);
            first ??= segment;
            if (last is not null)
            {
                last.Next = segment;
            }

            last = segment;
        }

        return first is null ? ReadOnlySequence<byte>.Empty : new(first, 0, last!, last!.Memory.Length);
    }
}
