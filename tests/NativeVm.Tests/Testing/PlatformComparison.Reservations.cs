using NativeVm.Platform;
using NativeVm.Testing;
using Page = NativeVm.Tests.Testing.PageArrayModel.Page;

namespace NativeVm.Tests.Testing;

// Reserving, at a place and anywhere, releasing, and what others map in between.
internal sealed partial class PlatformComparison
{
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

    private void Release(int first, int count)
    {
        (first, count) = OwnedRange(first, count);
        Expect(
            model.IsWhole(first, count),
            true,
            () => platform.Release((nuint)first * PageSize, (nuint)count * PageSize),
            first,
            count,
            static _ => default);
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
}
