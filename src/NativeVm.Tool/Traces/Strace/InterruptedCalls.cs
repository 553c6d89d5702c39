namespace NativeVm.Tool.Traces.Strace;

/// <summary>
/// The calls that strace cut in two because another thread's line came between: at most one for each thread. The
/// beginning is kept until the end joins it.
/// </summary>
internal sealed class InterruptedCalls
{
    // A trace may tell of millions of threads that begin a call and never end it; no machine has so many at once.
    private const int MostBeginnings = 1 << 14;
    private const int LongestBeginning = 4096;

    private readonly Dictionary<int, byte[]> _beginnings = [];

    /// <summary>Calls whose end has not come.</summary>
    public int Count => _beginnings.Count;

    /// <summary>Keeps a beginning.</summary>
    /// <param name="processId">The thread.</param>
    /// <param name="text">The event up to the interruption.</param>
    /// <returns>Whether an older beginning of the same thread was given up for it, or this one is not kept.</returns>
    public bool Begin(int processId, ReadOnlySpan<byte> text)
    {
        if (text.Length > LongestBeginning || (_beginnings.Count >= MostBeginnings && !_beginnings.ContainsKey(processId)))
        {
            return true;
        }

        bool isReplacing = _beginnings.ContainsKey(processId);
        _beginnings[processId] = text.TrimEnd((byte)' ').ToArray();
        return isReplacing;
    }

    /// <summary>Joins an end to its beginning.</summary>
    /// <param name="processId">The thread.</param>
    /// <param name="name">The name that the end gives.</param>
    /// <param name="rest">What follows the mark of resumption.</param>
    /// <param name="text">The whole call.</param>
    /// <returns>Whether there was a beginning of that name.</returns>
    public bool TryEnd(int processId, ReadOnlySpan<byte> name, ReadOnlySpan<byte> rest, out byte[] text)
    {
        if (!_beginnings.TryGetValue(processId, out byte[]? beginning)
            || !beginning.AsSpan().StartsWith(name)
            || beginning.Length <= name.Length
            || beginning[name.Length] != (byte)'(')
        {
            text = [];
            return false;
        }

        _beginnings.Remove(processId);
        text = [.. beginning, .. rest];
        return true;
    }

    /// <summary>Forgets the beginning of a thread that ended.</summary>
    /// <param name="processId">The thread.</param>
    /// <returns>Whether there was one.</returns>
    public bool Abandon(int processId) => _beginnings.Remove(processId);
}
