using NativeVm.Platform;

namespace NativeVm.Tests.Testing;

/// <summary>
/// A POSIX-like system as an array with one element a page: slow, small and obviously right, to compare the
/// simulated platform with. Its operations say whether they are lawful instead of throwing.
/// </summary>
internal sealed class PageArrayModel(int pageCount, int mappingLimit, bool isPosix)
{
    public Page[] Pages { get; private set; } = new Page[pageCount];

    public int ReservationCount => Pages.Where(page => page.Owner > 0).Select(page => page.Owner).Distinct().Count();

    public int MappingCount => CountMappings(0, Pages.Length);

    public bool IsFree(int first, int count) => Range(first, count).All(page => page.Owner == 0);

    public bool IsOwnRange(int first, int count) =>
        Range(first, count).All(page => page.Owner > 0)
        && (isPosix || Range(first, count).All(page => page.Owner == Pages[first].Owner));

    public bool IsCommitted(int first, int count) =>
        IsOwnRange(first, count) && Range(first, count).All(page => page.IsCommitted);

    public bool IsWhole(int first, int count) =>
        IsOwnRange(first, count)
        && (first == 0 || Pages[first - 1].Owner != Pages[first].Owner)
        && (first + count == Pages.Length || Pages[first + count].Owner != Pages[first + count - 1].Owner);

    public bool Any(int first, int count, Func<Page, bool> predicate) => Range(first, count).Any(predicate);

    public int Count(Func<Page, bool> predicate) => Pages.Count(predicate);

    public int CountMappings(int first, int count)
    {
        int mappings = 0;
        for (int i = first; i < first + count; i++)
        {
            bool continues = i > first && IsSameMapping(Pages[i - 1], Pages[i]);
            mappings += Pages[i].Owner == 0 || continues ? 0 : 1;
        }

        return mappings;
    }

    /// <summary>First and one past last page of the mapping or hole around a page.</summary>
    public (int First, int End) MappingAround(int page)
    {
        int first = page;
        int end = page + 1;
        while (first > 0 && IsSameMapping(Pages[first - 1], Pages[page]))
        {
            first--;
        }

        while (end < Pages.Length && IsSameMapping(Pages[end], Pages[page]))
        {
            end++;
        }

        return (first, end);
    }

    /// <summary>Changes pages unless that raises the number of mappings above the limit.</summary>
    public bool TryChange(int first, int count, Func<Page, Page> change, bool isLimited = true)
    {
        Page[] old = Pages;
        int mappings = MappingCount;
        Pages = [.. old];
        for (int i = first; i < first + count; i++)
        {
            Pages[i] = change(Pages[i]);
        }

        if (isLimited && mappingLimit != 0 && MappingCount > mappingLimit && MappingCount > mappings)
        {
            Pages = old;
            return false;
        }

        return true;
    }

    private bool IsSameMapping(Page one, Page other)
    {
        if (one.Owner == 0 || other.Owner == 0)
        {
            return one.Owner == other.Owner;
        }

        if (one.Owner < 0 || other.Owner < 0 || !isPosix)
        {
            return one.Owner == other.Owner
                && one.IsCommitted == other.IsCommitted
                && one.Protection == other.Protection;
        }

        return one.Protection == other.Protection
            && one.Traits == other.Traits
            && one.Hint == other.Hint
            && one.IsLocked == other.IsLocked
            && one.Backing == other.Backing;
    }

    private ArraySegment<Page> Range(int first, int count) => new(Pages, first, count);

    internal readonly record struct Page(
        int Owner,
        bool IsCommitted,
        PageProtection Protection,
        RangeTraits Traits,
        PageAdvice Hint,
        bool IsLocked,
        bool IsResident,
        bool IsDirty,
        bool IsGuarded,
        Backing Backing);

    /// <summary>
    /// The object's number, or 0 for anonymous memory; and its page less the page of the address space, which is the
    /// same all over a mapping.
    /// </summary>
    internal readonly record struct Backing(int Object, int Phase, MappingSharing Sharing);
}
