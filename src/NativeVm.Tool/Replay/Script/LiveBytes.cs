using NativeVm.Platform;

namespace NativeVm.Tool.Replay.Script;

/// <summary>Counts what all address spaces of a trace hold together, and the most that they ever held.</summary>
internal sealed class LiveBytes
{
    private ulong _mapped;
    private ulong _accessible;
    private ulong _touched;
    private ulong _peakAccessible;

    /// <summary>The most bytes mapped at once.</summary>
    public ulong PeakMapped { get; private set; }

    /// <summary>The most bytes touched and mapped at once.</summary>
    public ulong PeakTouched { get; private set; }

    /// <summary>How many steps had been made when the most bytes were accessible.</summary>
    public int FullestStep { get; private set; }

    /// <summary>Counts a range.</summary>
    /// <param name="state">What it is.</param>
    /// <param name="byteCount">Its length.</param>
    public void Add(in TracedState state, ulong byteCount)
    {
        _mapped += byteCount;
        _accessible += state.Protection == PageProtection.None ? 0 : byteCount;
        _touched += state.IsTouched ? byteCount : 0;
        PeakMapped = Math.Max(PeakMapped, _mapped);
        PeakTouched = Math.Max(PeakTouched, _touched);
    }

    /// <summary>Stops counting a range.</summary>
    /// <param name="state">What it was.</param>
    /// <param name="byteCount">Its length.</param>
    public void Remove(in TracedState state, ulong byteCount)
    {
        _mapped -= byteCount;
        _accessible -= state.Protection == PageProtection.None ? 0 : byteCount;
        _touched -= state.IsTouched ? byteCount : 0;
    }

    /// <summary>Notes that a call of the trace has been turned into steps.</summary>
    /// <param name="stepCount">Steps so far.</param>
    public void EndCall(int stepCount)
    {
        // A trace that only reserves has no accessible byte; the first mapping is then as full as it gets.
        if (_accessible > _peakAccessible || (FullestStep == 0 && _mapped != 0))
        {
            _peakAccessible = _accessible;
            FullestStep = stepCount;
        }
    }
}
