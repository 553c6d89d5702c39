using NativeVm.Platform;
using NativeVm.Tool.Traces;

namespace NativeVm.Tool.Replay.Script;

/// <summary>
/// Turns the calls of a trace into a script. Every mapping of the trace becomes a block; what later calls do to a
/// range of addresses becomes steps on the parts of blocks that lie in it.
/// </summary>
/// <remarks>
/// A traced page, 4,096 bytes, becomes one page of this machine, so that the pattern of a trace stays what it was on
/// machines with larger pages.
/// </remarks>
internal sealed partial class ScriptBuilder
{
    private const ulong TracedPageSize = 4096;

    // No processor of today gives a program more than 56 bits; what claims more is a damaged or hostile line.
    private const ulong MaxTracedAddress = 1UL << 56;

    // Twice what Linux grants a process; each change costs time that grows with their number.
    private const int MostRanges = 1 << 17;

    private readonly LineTally _tally;
    private readonly TracedSpaces _spaces;
    private readonly nuint _scale;
    private readonly List<ReplayStep> _steps = [];
    private readonly List<nuint> _blockRemaining = [];
    private readonly LiveBytes _live = new();
    private ulong _touchedByteCount;
    private long _writeExecuteCount;
    private long _remapCount;

    private ScriptBuilder(Trace trace, nuint pageSize)
    {
        _tally = trace.Tally;
        _spaces = new TracedSpaces(trace.Calls);
        _scale = Math.Max(1, pageSize / (nuint)TracedPageSize);
    }

    /// <summary>Makes a script of a trace, and counts in the trace's tally what cannot be replayed.</summary>
    /// <param name="trace">The trace; each can be made into a script once.</param>
    /// <param name="pageSize">The page size of this machine, in bytes.</param>
    public static ReplayScript Build(Trace trace, nuint pageSize)
    {
        ScriptBuilder builder = new(trace, pageSize);
        foreach (TraceCall call in trace.Calls)
        {
            builder.Add(call);
            builder._live.EndCall(builder._steps.Count);
        }

        int end = builder._steps.Count;
        foreach (TracedSpace space in builder._spaces.Live)
        {
            builder.End(space);
        }

        return new ReplayScript
        {
            Steps = [.. builder._steps[..end]],
            Removal = [.. builder._steps[end..]],
            BlockCount = builder._blockRemaining.Count,
            AddressSpaceCount = builder._spaces.Count,
            FullestStep = builder._live.FullestStep,
            PeakMappedByteCount = builder._live.PeakMapped * builder._scale,
            PeakTouchedByteCount = builder._live.PeakTouched * builder._scale,
            TouchedByteCount = builder._touchedByteCount * builder._scale,
            WriteExecuteCount = builder._writeExecuteCount,
            RemapCount = builder._remapCount,
        };
    }

    private void Add(in TraceCall call)
    {
        switch (call.Kind)
        {
            case TraceCallKind.Break:
                _tally.Skip(SkipReason.Break);
                _spaces.Break(call, out TracedSpace? replaced);
                End(replaced);
                break;
            case TraceCallKind.Exit:
                End(_spaces.Exit(call.ProcessId));
                break;
            case TraceCallKind.ChildEnded:
                break;
            default:
                AddRangeCall(_spaces.Of(call.ProcessId), call);
                break;
        }
    }

    private void AddRangeCall(TracedSpace space, in TraceCall call)
    {
        if (!TryGetRange(call.Address, call.ByteCount, out ulong start, out ulong end))
        {
            _tally.Skip(SkipReason.ImpossibleRange);
            return;
        }

        switch (call.Kind)
        {
            case TraceCallKind.MapAnonymous when space.Ranges.Ranges.Count >= MostRanges:
            case TraceCallKind.MapFile when space.Ranges.Ranges.Count >= MostRanges:
                _tally.Skip(SkipReason.ImpossibleRange);
                break;
            case TraceCallKind.MapAnonymous:
                Map(space, start, end, ToProtection(call.Protection));
                break;
            case TraceCallKind.MapFile:
                Unmap(space, start, end);
                space.Ranges.Set(start, end, TracedState.File);
                _tally.Skip(SkipReason.File);
                break;
            case TraceCallKind.Unmap:
                SkipUnless(Unmap(space, start, end));
                break;
            case TraceCallKind.Protect:
                Protect(space, start, end, ToProtection(call.Protection));
                break;
            case TraceCallKind.Discard:
                Discard(space, start, end);
                break;
            case TraceCallKind.Remap:
                Remap(space, call, start, end);
                break;
        }
    }

    private PageProtection ToProtection(TraceProtection protection)
    {
        const TraceProtection WriteExecute = TraceProtection.Write | TraceProtection.Execute;
        if ((protection & WriteExecute) == WriteExecute)
        {
            _writeExecuteCount++;
        }

        return protection switch
        {
            TraceProtection.None => PageProtection.None,
            _ when protection.HasFlag(TraceProtection.Write) => PageProtection.ReadWrite,
            _ when protection.HasFlag(TraceProtection.Execute) => PageProtection.ReadExecute,
            _ => PageProtection.Read,
        };
    }

    private void SkipUnless(RangeOwner owner)
    {
        if (owner != RangeOwner.Replayed)
        {
            _tally.Skip(owner == RangeOwner.File ? SkipReason.File : SkipReason.UnknownAddress);
        }
    }

    private static bool TryGetRange(ulong address, ulong byteCount, out ulong start, out ulong end)
    {
        start = address;
        end = 0;
        if (address % TracedPageSize != 0 || byteCount == 0 || byteCount > MaxTracedAddress || address > MaxTracedAddress)
        {
            return false;
        }

        end = address + ((byteCount + TracedPageSize - 1) / TracedPageSize * TracedPageSize);
        return end <= MaxTracedAddress;
    }
}
