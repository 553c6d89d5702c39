namespace NativeVm.Tool.Ranges;

/// <summary>
/// Ranges that do not overlap, in order, each with a state. Neighbours of equal state are one range, so the table
/// stays as small as what it describes.
/// </summary>
/// <remarks>
/// A sorted list: a change costs a binary search and moves what lies above it. Traces have few enough ranges for
/// that, and the tool must not measure the map under test with the map under test.
/// </remarks>
/// <typeparam name="TState">The state of a range; equal states merge.</typeparam>
internal sealed class RangeTable<TState>
    where TState : struct, IEquatable<TState>
{
    private readonly List<StatefulRange<TState>> _ranges = [];

    /// <summary>All ranges, in order.</summary>
    public IReadOnlyList<StatefulRange<TState>> Ranges => _ranges;

    /// <summary>Adds what the table has in a range, cut to the range, in order.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="end">The first number after the range.</param>
    /// <param name="found">Where to add it.</param>
    public void Find(ulong start, ulong end, List<StatefulRange<TState>> found)
    {
        for (int i = FirstEndingAfter(start); start < end && i < _ranges.Count && _ranges[i].Start < end; i++)
        {
            StatefulRange<TState> range = _ranges[i];
            found.Add(range with { Start = Math.Max(start, range.Start), End = Math.Min(end, range.End) });
        }
    }

    /// <summary>Takes a range out; what is cut keeps its state on both sides.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="end">The first number after the range.</param>
    public void Remove(ulong start, ulong end)
    {
        if (start < end)
        {
            Cut(start, end);
        }
    }

    /// <summary>Gives a whole range one state, whatever it had before.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="end">The first number after the range.</param>
    /// <param name="state">The state.</param>
    public void Set(ulong start, ulong end, TState state)
    {
        if (start >= end)
        {
            return;
        }

        int index = Cut(start, end);
        if (index < _ranges.Count && _ranges[index].Start == end && _ranges[index].State.Equals(state))
        {
            end = _ranges[index].End;
            _ranges.RemoveAt(index);
        }

        if (index > 0 && _ranges[index - 1].End == start && _ranges[index - 1].State.Equals(state))
        {
            _ranges[index - 1] = _ranges[index - 1] with { End = end };
            return;
        }

        _ranges.Insert(index, new StatefulRange<TState>(start, end, state));
    }

    /// <summary>Takes everything out.</summary>
    public void Clear() => _ranges.Clear();

    // Empties the range and returns where in the list a range that starts at its start belongs.
    private int Cut(ulong start, ulong end)
    {
        int first = FirstEndingAfter(start);
        int last = first;
        while (last < _ranges.Count && _ranges[last].Start < end)
        {
            last++;
        }

        if (first == last)
        {
            return first;
        }

        StatefulRange<TState> low = _ranges[first];
        StatefulRange<TState> high = _ranges[last - 1];
        _ranges.RemoveRange(first, last - first);
        if (high.End > end)
        {
            _ranges.Insert(first, high with { Start = end });
        }

        if (low.Start < start)
        {
            _ranges.Insert(first, low with { End = start });
            first++;
        }

        return first;
    }

    private int FirstEndingAfter(ulong start)
    {
        int low = 0;
        int high = _ranges.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_ranges[middle].End > start)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
