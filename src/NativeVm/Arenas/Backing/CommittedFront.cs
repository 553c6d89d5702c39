using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using NativeVm.Platform;

namespace NativeVm.Arenas;

/// <summary>
/// How far a range is committed, from its start on. It is committed ahead of use in steps that grow with it, so that
/// n bytes cost O(log n) system calls; and only at the edge, which adds no mapping.
/// </summary>
internal sealed class CommittedFront
{
    /// <summary>The smallest step that is taken unless the user chooses another.</summary>
    public const nuint UsualStep = 64 << 10;

    private const nuint LargestStep = 64 << 20;

    private readonly OwnedRange _range;
    private readonly nuint _leastStep;
    private readonly nuint _mostByteCount;
    private readonly nuint _grain;
    private readonly bool _usesHugePages;
    private readonly bool _isWired;

    public CommittedFront(OwnedRange range, in FrontPolicy policy)
    {
        _range = range;
        VmPlatform platform = range.Map.Platform;
        _usesHugePages = policy.UsesHugePages && platform.HugePageSize != 0 && platform.Supports(PageAdvice.HugePages);
        _isWired = policy.IsWired;
        _grain = _usesHugePages ? platform.HugePageSize : platform.PageSize;
        nuint limit = policy.MemoryLimit == 0 ? nuint.MaxValue : policy.MemoryLimit;
        _mostByteCount = Math.Min(range.ByteCount, limit & ~(platform.PageSize - 1));
        _leastStep = policy.CommitStep == 0 ? UsualStep : policy.CommitStep;
    }

    /// <summary>Bytes that are committed, whole pages.</summary>
    public nuint ByteCount { get; private set; }

    /// <summary>The first address that is not committed.</summary>
    public nuint End => _range.Start + ByteCount;

    /// <summary>Bytes that may ever be committed: the range, or the limit on memory.</summary>
    public nuint MostByteCount => _mostByteCount;

    /// <summary>Whether huge pages are asked for and to be had.</summary>
    public bool UsesHugePages => _usesHugePages;

    /// <summary>Commits at least so many bytes, counted from the start of the range; all of them, or none more than before.</summary>
    public VmResult Grow(nuint byteCount)
    {
        if (byteCount <= ByteCount)
        {
            return VmResult.Success;
        }

        if (byteCount > _mostByteCount)
        {
            return VmResult.NoSpace;
        }

        nuint step = Math.Clamp(ByteCount / 4, _leastStep, Math.Max(_leastStep, LargestStep));
        nuint stepEnd = step > _mostByteCount - ByteCount ? _mostByteCount : ByteCount + step;
        nuint generous = RoundUp(Math.Max(byteCount, stepEnd), _grain);
        nuint scant = RoundUp(byteCount, _range.Map.PageSize);
        VmResult result = GrowTo(generous);
        return result.IsSuccess || scant == generous ? result : GrowTo(scant);
    }

    /// <summary>Gives back what is committed beyond so many bytes; nothing when the system refuses.</summary>
    public VmResult Shrink(nuint keepByteCount)
    {
        nuint keep = keepByteCount >= ByteCount ? ByteCount : RoundUp(keepByteCount, _grain);
        if (keep >= ByteCount)
        {
            return VmResult.Success;
        }

        nuint address = _range.Start + keep;
        nuint byteCount = ByteCount - keep;
        VmResult result = _isWired ? _range.Map.Unwire(address, byteCount) : VmResult.Success;
        if (!result.IsSuccess)
        {
            return result;
        }

        result = _range.Decommit(address, byteCount);
        if (result.IsSuccess)
        {
            ByteCount = keep;
        }
        else if (_isWired)
        {
            Rewire(address, byteCount);
        }

        return result;
    }

    /// <summary>Throws for a growth that failed, with what would help.</summary>
    [DoesNotReturn]
    public void Throw(string owner, nuint byteCount, VmResult result)
    {
        if (byteCount > _range.ByteCount)
        {
            throw new InsufficientMemoryException(
                $"{owner} spans {_range.ByteCount} bytes of address space, and {byteCount} are needed; make it larger, which costs nothing until it is used.");
        }

        if (byteCount > _mostByteCount)
        {
            throw new InsufficientMemoryException(
                $"{owner} may commit {_mostByteCount} bytes, and {byteCount} are needed; raise its MemoryLimit, or free something.");
        }

        result.ThrowIfFailed();
        throw new UnreachableException("A growth that succeeds does not throw.");
    }

    private nuint RoundUp(nuint byteCount, nuint powerOfTwo)
    {
        nuint mask = powerOfTwo - 1;
        return byteCount > _mostByteCount - Math.Min(mask, _mostByteCount)
            ? _mostByteCount
            : (byteCount + mask) & ~mask;
    }

    private VmResult GrowTo(nuint byteCount)
    {
        nuint address = End;
        nuint added = byteCount - ByteCount;
        VmResult result = _range.Commit(address, added);
        if (!result.IsSuccess)
        {
            return result;
        }

        result = _isWired ? _range.Map.Wire(address, added) : VmResult.Success;
        if (!result.IsSuccess)
        {
            _range.TakeBack(address, added);
            return result;
        }

        AdviseHugePages(byteCount);
        ByteCount = byteCount;
        return VmResult.Success;
    }

    /// <summary>Advises the whole huge pages that have just been completed. A refusal costs speed and nothing else.</summary>
    private void AdviseHugePages(nuint end)
    {
        nuint from = ByteCount & ~(_grain - 1);
        nuint to = end & ~(_grain - 1);
        if (_usesHugePages && to > from)
        {
            _ = _range.Map.Advise(_range.Start + from, to - from, VmAdvice.HugePages);
        }
    }

    private void Rewire(nuint address, nuint byteCount)
    {
        for (int tries = 0; tries < 4 && !_range.Map.Wire(address, byteCount).IsSuccess; tries++)
        {
        }
    }
}
