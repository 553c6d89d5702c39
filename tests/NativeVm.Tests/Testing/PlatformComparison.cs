using NativeVm.Platform;
using NativeVm.Testing;
using Page = NativeVm.Tests.Testing.PageArrayModel.Page;

namespace NativeVm.Tests.Testing;

/// <summary>Makes random calls on a simulated platform and on an array of pages, and compares all they say.</summary>
internal sealed partial class PlatformComparison(int seed, SimulatedPlatform platform, PageArrayModel model, bool isPosix)
{
    public const nuint PageSize = 4096;

    private static readonly PageProtection[] Protections =
    [
        PageProtection.None, PageProtection.Read, PageProtection.ReadWrite, PageProtection.ReadExecute,
    ];

    private readonly Random _random = new(seed);
    private readonly int _pageCount = model.Pages.Length;
    private int _owners;

    public int Succeeded { get; private set; }

    public int Unlawful { get; private set; }

    public int Limited { get; private set; }

    public void Step()
    {
        (int first, int count) = RandomRange();
        (first, count) = WithinReservation(first, count);
        nuint address = (nuint)first * PageSize;
        nuint byteCount = (nuint)count * PageSize;
        switch (_random.Next(18))
        {
            case 0 or 1:
                Reserve(count);
                break;
            case 2:
                ReserveAt(first, count);
                break;
            case 3:
                (first, count) = OwnedRange(first, count);
                Expect(
                    model.IsWhole(first, count),
                    true,
                    () => platform.Release((nuint)first * PageSize, (nuint)count * PageSize),
                    first,
                    count,
                    static _ => default);
                break;
            case 4:
                ReleaseTail(first, count);
                break;
            case 5 or 6:
                PageProtection commit = Protections[_random.Next(1, Protections.Length)];
                Expect(
                    IsAnonymous(first, count) && HasNoProtectedGuard(first, count),
                    true,
                    () => platform.Commit(address, byteCount, commit),
                    first,
                    count,
                    page => page with { IsCommitted = true, Protection = commit });
                break;
            case 7:
                RangeTraits traits = (RangeTraits)_random.Next(8);
                Expect(
                    IsAnonymous(first, count),
                    true,
                    () => platform.Decommit(address, byteCount, traits),
                    first,
                    count,
                    page => new Page { Owner = page.Owner, Traits = traits });
                break;
            case 8:
                Expect(
                    model.IsCommitted(first, count) && IsAnonymous(first, count),
                    !model.Any(first, count, static page => page.IsLocked),
                    () => platform.Purge(address, byteCount),
                    first,
                    count,
                    page => page with { IsResident = false, IsDirty = page.IsDirty && !isPosix });
                break;
            case 9:
                PageProtection protection = Protections[_random.Next(Protections.Length)];
                Expect(
                    model.IsCommitted(first, count) && HasNoProtectedGuard(first, count),
                    true,
                    () => platform.Protect(address, byteCount, protection),
                    first,
                    count,
                    page => page with { Protection = protection });
                break;
            case 10:
                LockOrUnlock(first, count);
                break;
            case 11:
                Touch(first, count);
                break;
            case 12:
                Advise(first, count);
                break;
            case 13 or 14:
                MapOrUnmapObject(first, count);
                break;
            case 15 or 16:
                InstallOrRemoveGuard(first, count);
                break;
            default:
                PlaceOrRemoveForeign(first, count);
                break;
        }

        Compare(first, count);
    }

    private void Reserve(int count)
    {
        nuint alignment = PageSize << _random.Next(0, 5);
        int low = _random.Next(_pageCount);
        int high = _random.Next(low + 1, _pageCount + 1);
        bool isBounded = _random.Next(2) == 0;
        Placement placement = isBounded
            ? Placement.Between((nuint)low * PageSize, (nuint)high * PageSize, alignment)
            : Placement.Aligned(alignment);
        (low, high) = isBounded ? (low, high) : (0, _pageCount);
        int step = (int)(nuint.Max(alignment, platform.AllocationGranularity) / PageSize);
        int[] fits =
        [
            .. Enumerable.Range(low, high - low)
                .Where(page => page % step == 0 && page + count <= high && model.IsFree(page, count)),
        ];
        int expected = fits.Length == 0 ? -1
            : platform.Options.Strategy == PlacementStrategy.TopDown ? fits[^1] : fits[0];
        SystemReply reply = platform.Reserve((nuint)count * PageSize, placement, out nuint address);
        int owner = ++_owners;
        if (expected < 0)
        {
            Assert.Equal(RefusalReason.NoAddressSpace, reply.Reason);
        }
        else if (model.TryChange(expected, count, _ => new Page { Owner = owner }))
        {
            Assert.True(reply.IsSuccess);
            Assert.Equal((nuint)expected * PageSize, address);
            Succeeded++;
        }
        else
        {
            Assert.Equal(RefusalReason.MappingLimit, reply.Reason);
            Limited++;
        }

        Assert.True(reply.IsSuccess || address == 0);
    }

    private void ReserveAt(int first, int count)
    {
        first -= first % (int)(platform.AllocationGranularity / PageSize);
        nuint place = (nuint)first * PageSize;
        SystemReply reply = platform.Reserve((nuint)count * PageSize, Placement.At(place), out nuint address);
        int owner = ++_owners;
        if (first + count > _pageCount)
        {
            Assert.Equal(RefusalReason.NoAddressSpace, reply.Reason);
        }
        else if (!model.IsFree(first, count))
        {
            Assert.Equal(RefusalReason.AddressInUse, reply.Reason);
        }
        else if (model.TryChange(first, count, _ => new Page { Owner = owner }))
        {
            Assert.True(reply.IsSuccess);
            Assert.Equal(place, address);
            Succeeded++;
        }
        else
        {
            Assert.Equal(RefusalReason.MappingLimit, reply.Reason);
            Limited++;
        }
    }

    private void ReleaseTail(int first, int count)
    {
        (first, count) = OwnedRange(first, count);
        if (count < 2)
        {
            return;
        }

        int keep = _random.Next(1, count);
        Expect(
            model.IsWhole(first, count),
            isPosix,
            () => platform.ReleaseTail(
                (nuint)first * PageSize, (nuint)count * PageSize, (nuint)keep * PageSize),
            first + keep,
            count - keep,
            static _ => default);
    }

    private void LockOrUnlock(int first, int count)
    {
        nuint address = (nuint)first * PageSize;
        nuint byteCount = (nuint)count * PageSize;
        bool isLock = _random.Next(2) == 0;
        Expect(
            model.IsCommitted(first, count) && !(isLock && model.Any(first, count, static page => page.IsGuarded)),
            !isLock || !model.Any(first, count, static page => page.Protection == PageProtection.None),
            () => isLock ? platform.Lock(address, byteCount) : platform.Unlock(address, byteCount),
            first,
            count,
            page => page with { IsLocked = isLock, IsResident = page.IsResident || isLock });
    }

    private void Touch(int first, int count)
    {
        nuint address = (nuint)first * PageSize;
        nuint byteCount = (nuint)count * PageSize;
        bool writes = _random.Next(2) == 0;
        PageProtection access = writes ? PageProtection.Write : PageProtection.Read;
        bool isLawful = model.Pages.AsSpan(first, count).ToArray()
            .All(page => page.Owner > 0 && page.IsCommitted && !page.IsGuarded && page.Protection.HasFlag(access));
        if (!isLawful)
        {
            Assert.Throws<UnlawfulUseException>(() => platform.Touch(address, byteCount, access));
            Unlawful++;
            return;
        }

        platform.Touch(address + 17, byteCount - 100, access);
        model.TryChange(
            first,
            count,
            page => page with { IsResident = true, IsDirty = page.IsDirty || writes },
            isLimited: false);
    }

    private void Advise(int first, int count)
    {
        PageAdvice advice = _random.Next(4) switch
        {
            0 => PageAdvice.Normal,
            1 => PageAdvice.Sequential,
            2 => PageAdvice.ExcludeFromCoreDumps,
            _ => PageAdvice.IncludeInCoreDumps,
        };
        Expect(
            model.IsOwnRange(first, count),
            isPosix,
            () => platform.Advise((nuint)first * PageSize, (nuint)count * PageSize, advice),
            first,
            count,
            page => advice switch
            {
                PageAdvice.Normal or PageAdvice.Sequential => page with { Hint = advice },
                PageAdvice.ExcludeFromCoreDumps =>
                    page with { Traits = page.Traits | RangeTraits.ExcludedFromCoreDumps },
                _ => page with { Traits = page.Traits & ~RangeTraits.ExcludedFromCoreDumps },
            });
    }

    private void PlaceOrRemoveForeign(int first, int count)
    {
        count = int.Min(count, 3);
        int foreign = Array.FindIndex(model.Pages, static page => page.Owner < 0);
        bool places = foreign < 0 || (model.Count(static page => page.Owner < 0) < 12 && _random.Next(2) == 0);
        if (!places && _random.Next(4) > 0)
        {
            (first, count) = (foreign, 1);
        }

        nuint address = (nuint)first * PageSize;
        nuint byteCount = (nuint)count * PageSize;
        if (places)
        {
            int owner = -++_owners;
            if (model.IsFree(first, count))
            {
                platform.PlaceForeign(address, byteCount);
                model.TryChange(
                    first,
                    count,
                    _ => new Page { Owner = owner, IsCommitted = true, Protection = PageProtection.ReadWrite },
                    isLimited: false);
            }
            else
            {
                Assert.Throws<ArgumentException>(() => platform.PlaceForeign(address, byteCount));
            }
        }
        else if (model.Any(first, count, static page => page.Owner >= 0))
        {
            Assert.Throws<ArgumentException>(() => platform.RemoveForeign(address, byteCount));
        }
        else
        {
            platform.RemoveForeign(address, byteCount);
            model.TryChange(first, count, static _ => default, isLimited: false);
        }
    }

    private void Expect(
        bool isLawful, bool isAccepted, Func<SystemReply> call, int first, int count, Func<Page, Page> change)
    {
        if (!isLawful)
        {
            Assert.Throws<UnlawfulUseException>(() => call());
            Unlawful++;
            return;
        }

        SystemReply reply = call();
        if (!isAccepted)
        {
            Assert.True(reply.Reason is RefusalReason.InvalidRange or RefusalReason.NotSupported);
        }
        else if (model.TryChange(first, count, change))
        {
            Assert.True(reply.IsSuccess, reply.ToString());
            Succeeded++;
        }
        else
        {
            Assert.Equal(RefusalReason.MappingLimit, reply.Reason);
            Limited++;
        }
    }

    private void Compare(int first, int count)
    {
        nuint address = (nuint)first * PageSize;
        nuint byteCount = (nuint)count * PageSize;
        Assert.Equal((nuint)model.MappingCount, platform.MappingCount);
        Assert.Equal(model.ReservationCount, platform.ReservationCount);
        Assert.Equal(Bytes(static page => page.Owner > 0), platform.ReservedByteCount);
        Assert.Equal(
            Bytes(static page => page.Owner > 0 && page.IsCommitted && page.Backing.Object == 0),
            platform.CommittedByteCount);
        Assert.Equal(Bytes(static page => page.Backing.Object != 0), platform.MappedByteCount);
        Assert.Equal(Bytes(static page => page.IsLocked), platform.LockedByteCount);
        Assert.Equal(Bytes(static page => page.IsResident), platform.ResidentByteCount);
        Assert.Equal(Bytes(static page => page.Owner < 0), platform.ForeignByteCount);

        Assert.True(platform.CountMappings(address, byteCount, out nuint mappings).IsSuccess);
        Assert.Equal((nuint)model.CountMappings(first, int.Min(count, _pageCount - first)), mappings);
        Assert.Equal(
            model.Any(first, int.Min(count, _pageCount - first), static page => page.IsDirty),
            platform.IsDirty(address, nuint.Min(byteCount, ((nuint)_pageCount * PageSize) - address)));

        SystemReply resident = platform.QueryResident(address, byteCount, out nuint residentByteCount);
        bool hasHole = first + count > _pageCount || model.Any(first, count, static page => page.Owner == 0);
        Assert.Equal(hasHole, resident.IsRefused);
        if (!hasHole)
        {
            Assert.Equal(
                (nuint)model.Pages.AsSpan(first, count).ToArray().Count(static page => page.IsResident) * PageSize,
                residentByteCount);
        }

        (int start, int end) = model.MappingAround(first);
        Assert.True(platform.Query(address + 5, out RegionInfo region).IsSuccess);
        Assert.Equal((nuint)start * PageSize, region.Address);
        Assert.Equal((nuint)end * PageSize, region.End);
        Assert.Equal(model.Pages[first].Protection, region.Protection);
        Assert.Equal(StateOf(model.Pages[first]), region.State);
    }

    private nuint Bytes(Func<Page, bool> predicate) => (nuint)model.Count(predicate) * PageSize;

    private PageState StateOf(Page page) => page switch
    {
        { Owner: 0 } => PageState.Free,
        { IsCommitted: false } => PageState.Reserved,
        { Protection: PageProtection.None } when isPosix => PageState.Reserved,
        _ => PageState.Committed,
    };

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
