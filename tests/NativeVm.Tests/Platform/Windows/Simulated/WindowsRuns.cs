namespace NativeVm.Tests.Platform.Windows.Simulated;

/// <summary>
/// An address space as a sorted list of runs; what is in none is free. After its first growth it allocates nothing.
/// </summary>
internal sealed class WindowsRuns
{
    private readonly List<WindowsRun> _runs = new(8192);

    /// <summary>Which run an address is in, or the first one above it.</summary>
    public int IndexOf(nuint address)
    {
        int low = 0;
        int high = _runs.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_runs[middle].End <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>The run of an address.</summary>
    public bool TryFind(nuint address, out WindowsRun run)
    {
        int index = IndexOf(address);
        run = index < _runs.Count ? _runs[index] : default;
        return index < _runs.Count && run.Start <= address;
    }

    /// <summary>Whether nothing is in a range.</summary>
    public bool IsFree(nuint start, nuint end)
    {
        int index = IndexOf(start);
        return index == _runs.Count || _runs[index].Start >= end;
    }

    /// <summary>The end of the free range that an address is in.</summary>
    public nuint FreeEnd(nuint address, nuint highest)
    {
        int index = IndexOf(address);
        return index == _runs.Count ? highest : _runs[index].Start;
    }

    /// <summary>Whether all of a range is of one allocation.</summary>
    public bool IsOneAllocation(nuint start, nuint end, out WindowsRun first) =>
        TryFind(start, out first) && end <= EndOf(first.Base, start);

    /// <summary>Whether every page of a range is committed.</summary>
    public bool IsCommitted(nuint start, nuint end)
    {
        nuint position = start;
        while (position < end && TryFind(position, out WindowsRun run) && run.IsCommitted)
        {
            position = run.End;
        }

        return position >= end;
    }

    /// <summary>Where an allocation ends.</summary>
    /// <param name="allocation">Its base.</param>
    /// <param name="from">An address in it.</param>
    public nuint EndOf(nuint allocation, nuint from)
    {
        nuint end = from;
        for (int i = IndexOf(from); i < _runs.Count && _runs[i].Base == allocation; i++)
        {
            end = _runs[i].End;
        }

        return end;
    }

    /// <summary>Puts a new allocation, or part of one, where nothing is.</summary>
    public void Insert(in WindowsRun run)
    {
        Assert.True(IsFree(run.Start, run.End));
        _runs.Insert(IndexOf(run.Start), run);
    }

    /// <summary>Takes everything out of a range.</summary>
    public void Remove(nuint start, nuint end)
    {
        Cut(start);
        Cut(end);
        int first = IndexOf(start);
        _runs.RemoveRange(first, IndexOf(end) - first);
    }

    /// <summary>Gives pages of one allocation a protection, 0 for none that are committed.</summary>
    public void Protect(nuint start, nuint end, uint protection)
    {
        Cut(start);
        Cut(end);
        for (int i = IndexOf(start); i < _runs.Count && _runs[i].Start < end; i++)
        {
            _runs[i] = _runs[i] with { Protect = protection };
        }

        for (int i = IndexOf(end) + 1; i > 0; i--)
        {
            if (i < _runs.Count && _runs[i].Continues(_runs[i - 1]))
            {
                _runs[i - 1] = _runs[i - 1] with { End = _runs[i].End };
                _runs.RemoveAt(i);
            }
            else if (i <= _runs.Count && _runs[i - 1].End <= start)
            {
                break;
            }
        }
    }

    private void Cut(nuint address)
    {
        if (TryFind(address, out WindowsRun run) && run.Start < address)
        {
            int index = IndexOf(address);
            _runs[index] = run with { End = address };
            _runs.Insert(index + 1, run with { Start = address });
        }
    }
}
