using NativeVm.Platform;
using NativeVm.Tool.Ranges;

namespace NativeVm.Tool.Replay.Script;

/// <summary>Tells what a script has mapped after any of its steps, going forward only.</summary>
internal sealed class ScriptLayout(IReadOnlyList<ReplayStep> steps)
{
    private readonly Dictionary<int, RangeTable<PartState>> _blocks = [];

    /// <summary>How many steps have been made.</summary>
    public int StepCount { get; private set; }

    /// <summary>Goes on to where a number of steps have been made.</summary>
    /// <param name="stepCount">The number, not less than <see cref="StepCount"/>.</param>
    public void Advance(int stepCount)
    {
        while (StepCount < stepCount)
        {
            Apply(steps[StepCount++]);
        }
    }

    /// <summary>The parts of blocks that are mapped now, block by block.</summary>
    public IEnumerable<ScriptPart> Parts()
    {
        foreach ((int block, RangeTable<PartState> parts) in _blocks)
        {
            foreach (StatefulRange<PartState> part in parts.Ranges)
            {
                yield return new ScriptPart(
                    block, (nuint)part.Start, (nuint)part.Length, part.State.Protection, part.State.IsTouched);
            }
        }
    }

    private void Apply(in ReplayStep step)
    {
        ulong start = step.Offset;
        ulong end = start + step.ByteCount;
        if (step.Kind == ReplayStepKind.Map)
        {
            _blocks[step.Block] = new RangeTable<PartState>();
        }

        RangeTable<PartState> parts = _blocks[step.Block];
        PageProtection protection = step.Protection;
        switch (step.Kind)
        {
            case ReplayStepKind.Map or ReplayStepKind.Replace:
                parts.Set(start, end, new PartState(protection, IsTouched: false));
                break;
            case ReplayStepKind.Unmap:
                parts.Remove(start, end);
                break;
            case ReplayStepKind.Protect:
                Change(parts, start, end, state => state with { Protection = protection });
                break;
            case ReplayStepKind.Touch:
                Change(parts, start, end, state => state with { IsTouched = true });
                break;
            case ReplayStepKind.Discard:
                Change(parts, start, end, state => state with { IsTouched = false });
                break;
        }

        if (step.EndsBlock)
        {
            _blocks.Remove(step.Block);
        }
    }

    private static void Change(RangeTable<PartState> parts, ulong start, ulong end, Func<PartState, PartState> change)
    {
        List<StatefulRange<PartState>> found = [];
        parts.Find(start, end, found);
        foreach (StatefulRange<PartState> part in found)
        {
            parts.Set(part.Start, part.End, change(part.State));
        }
    }

    private readonly record struct PartState(PageProtection Protection, bool IsTouched);
}
