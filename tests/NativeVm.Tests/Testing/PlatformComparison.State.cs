using NativeVm.Platform;
using Page = NativeVm.Tests.Testing.PageArrayModel.Page;

namespace NativeVm.Tests.Testing;

// What the platform says afterwards, all of it compared.
internal sealed partial class PlatformComparison
{
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
}
