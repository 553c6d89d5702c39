using NativeVm.Platform;
using NativeVm.Tool.Ranges;
using NativeVm.Tool.Traces;

namespace NativeVm.Tool.Replay.Script;

internal sealed partial class ScriptBuilder
{
    // Where the trace maps over what it has, it means MAP_FIXED, or it missed an unmapping: pages are replaced in
    // place. The rest of the range becomes new blocks, one for each run of addresses without a block.
    private void Map(TracedSpace space, ulong start, ulong end, PageProtection protection)
    {
        ulong free = start;
        foreach (StatefulRange<TracedState> part in BlockParts(Find(space, start, end)))
        {
            MapBlock(space, free, part.Start, protection);
            Step(ReplayStepKind.Replace, part, protection);
            foreach (StatefulRange<TracedState> range in Find(space, part.Start, part.End))
            {
                SetState(space, range, range.State with { Protection = protection, IsTouched = false });
            }

            Touch(space, part.Start, part.End);
            free = part.End;
        }

        MapBlock(space, free, end, protection);
    }

    private void MapBlock(TracedSpace space, ulong start, ulong end, PageProtection protection)
    {
        if (start == end)
        {
            return;
        }

        TracedState state = new(_blockRemaining.Count, unchecked(0 - start), protection, IsTouched: false);
        _blockRemaining.Add((nuint)(end - start) * _scale);
        StatefulRange<TracedState> range = new(start, end, state);
        Step(ReplayStepKind.Map, range, protection);
        space.Ranges.Set(start, end, state);
        _live.Add(state, range.Length);
        Touch(space, start, end);
    }

    private RangeOwner Unmap(TracedSpace space, ulong start, ulong end)
    {
        List<StatefulRange<TracedState>> found = Find(space, start, end);
        foreach (StatefulRange<TracedState> part in BlockParts(found))
        {
            Step(ReplayStepKind.Unmap, part, PageProtection.None);
        }

        RangeOwner owner = RangeOwner.Unknown;
        foreach (StatefulRange<TracedState> range in found)
        {
            owner = Owner(owner, range.State);
            if (range.State.IsReplayed)
            {
                _live.Remove(range.State, range.Length);
            }
        }

        space.Ranges.Remove(start, end);
        return owner;
    }

    private void Protect(TracedSpace space, ulong start, ulong end, PageProtection protection)
    {
        List<StatefulRange<TracedState>> found = Find(space, start, end);
        foreach (StatefulRange<TracedState> part in BlockParts(found))
        {
            Step(ReplayStepKind.Protect, part, protection);
        }

        RangeOwner owner = RangeOwner.Unknown;
        foreach (StatefulRange<TracedState> range in found)
        {
            owner = Owner(owner, range.State);
            if (range.State.IsReplayed)
            {
                SetState(space, range, range.State with { Protection = protection });
            }
        }

        Touch(space, start, end);
        SkipUnless(owner);
    }

    private void Discard(TracedSpace space, ulong start, ulong end)
    {
        RangeOwner owner = RangeOwner.Unknown;
        bool isTouched = false;
        foreach (StatefulRange<TracedState> range in Find(space, start, end))
        {
            owner = Owner(owner, range.State);
            if (range.State.IsTouched && range.State.Protection != PageProtection.None)
            {
                Step(ReplayStepKind.Discard, range, range.State.Protection);
                SetState(space, range, range.State with { IsTouched = false });
                isTouched = true;
            }
        }

        if (owner == RangeOwner.Replayed && !isTouched)
        {
            _tally.Skip(SkipReason.Advice);
        }

        SkipUnless(owner);
    }

    private void Remap(TracedSpace space, in TraceCall call, ulong start, ulong end)
    {
        if (!TryGetRange(call.NewAddress, call.NewByteCount, out ulong newStart, out ulong newEnd))
        {
            _tally.Skip(SkipReason.ImpossibleRange);
            return;
        }

        RangeOwner owner = RangeOwner.Unknown;
        PageProtection protection = PageProtection.None;
        foreach (StatefulRange<TracedState> range in Find(space, start, end))
        {
            owner = Owner(owner, range.State);
            protection = range.State.IsReplayed ? range.State.Protection : protection;
        }

        if (owner != RangeOwner.Replayed)
        {
            SkipUnless(owner);
            if (owner == RangeOwner.File)
            {
                space.Ranges.Remove(start, end);
                Unmap(space, newStart, newEnd);
                space.Ranges.Set(newStart, newEnd, TracedState.File);
            }

            return;
        }

        _remapCount++;
        if (newStart == start)
        {
            Unmap(space, Math.Min(end, newEnd), end);
            Map(space, Math.Min(end, newEnd), newEnd, protection);
        }
        else
        {
            Map(space, newStart, newEnd, protection);
            Unmap(space, start, end);
        }
    }

    private void End(TracedSpace? space)
    {
        if (space is not null)
        {
            Unmap(space, 0, ulong.MaxValue);
        }
    }

    // Pages that can be written for the first time are written: a program maps memory to use it.
    private void Touch(TracedSpace space, ulong start, ulong end)
    {
        foreach (StatefulRange<TracedState> range in Find(space, start, end))
        {
            if (range.State is { IsReplayed: true, IsTouched: false } && range.State.Protection.HasFlag(PageProtection.Write))
            {
                Step(ReplayStepKind.Touch, range, range.State.Protection);
                SetState(space, range, range.State with { IsTouched = true });
                _touchedByteCount += range.Length;
            }
        }
    }

    private void SetState(TracedSpace space, in StatefulRange<TracedState> range, in TracedState state)
    {
        _live.Remove(range.State, range.Length);
        _live.Add(state, range.Length);
        space.Ranges.Set(range.Start, range.End, state);
    }

    private void Step(ReplayStepKind kind, in StatefulRange<TracedState> range, PageProtection protection)
    {
        int block = range.State.Block;
        nuint offset = (nuint)unchecked(range.Start + range.State.Displacement) * _scale;
        nuint byteCount = (nuint)range.Length * _scale;
        if (kind == ReplayStepKind.Unmap)
        {
            _blockRemaining[block] -= byteCount;
        }

        bool endsBlock = kind == ReplayStepKind.Unmap && _blockRemaining[block] == 0;
        _steps.Add(new ReplayStep(kind, protection, endsBlock, block, offset, byteCount));
    }

    private static RangeOwner Owner(RangeOwner before, in TracedState state) =>
        state.IsReplayed || before == RangeOwner.Replayed ? RangeOwner.Replayed : RangeOwner.File;

    // Parts of one block that differ in their protection only are one call here, as they were one in the trace.
    private static IEnumerable<StatefulRange<TracedState>> BlockParts(List<StatefulRange<TracedState>> ranges)
    {
        for (int i = 0; i < ranges.Count;)
        {
            StatefulRange<TracedState> part = ranges[i++];
            while (i < ranges.Count && ranges[i].Start == part.End && ranges[i].State.Block == part.State.Block)
            {
                part = part with { End = ranges[i++].End };
            }

            if (part.State.IsReplayed)
            {
                yield return part;
            }
        }
    }

    private static List<StatefulRange<TracedState>> Find(TracedSpace space, ulong start, ulong end)
    {
        List<StatefulRange<TracedState>> found = [];
        space.Ranges.Find(start, end, found);
        return found;
    }
}
