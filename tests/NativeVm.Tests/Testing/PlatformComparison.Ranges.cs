namespace NativeVm.Tests.Testing;

// Where the calls go: mostly to what can succeed.
internal sealed partial class PlatformComparison
{
    private (int First, int Count) RandomRange()
    {
        int first = _random.Next(_pageCount);
        for (int tries = 0; tries < 3 && model.Pages[first].Owner <= 0; tries++)
        {
            first = _random.Next(_pageCount);
        }

        int count = _random.Next(1, _random.Next(2) == 0 ? 4 : 24);
        return (first, int.Min(count, _pageCount - first));
    }

    // Most of the time a range inside one reservation: a random range hardly ever lies in one.
    private (int First, int Count) WithinReservation(int first, int count)
    {
        int owner = model.Pages[first].Owner;
        if (owner <= 0 || _random.Next(4) == 0)
        {
            return (first, count);
        }

        int end = first + 1;
        while (end < first + count && model.Pages[end].Owner == owner)
        {
            end++;
        }

        return (first, end - first);
    }

    // Half of the time the reservation around a page: a random range is hardly ever a whole one.
    private (int First, int Count) OwnedRange(int first, int count)
    {
        int owner = model.Pages[first].Owner;
        if (owner <= 0 || _random.Next(2) == 0)
        {
            return (first, count);
        }

        int[] pages = [.. Enumerable.Range(0, _pageCount).Where(page => model.Pages[page].Owner == owner)];
        return (pages[0], pages.Length);
    }
}
