using NativeVm.Platform;
using Page = NativeVm.Tests.Testing.PageArrayModel.Page;

namespace NativeVm.Tests.Testing;

// Objects and guards.
internal sealed partial class PlatformComparison
{
    private const int ObjectPages = 32;

    private readonly MemoryObjectHandle[] _objects = [.. Enumerable.Range(0, 2).Select(_ => NewObject(platform))];

    private static MemoryObjectHandle NewObject(VmPlatform platform)
    {
        platform.CreateSharedMemory(ObjectPages * PageSize, nameof(_objects), out MemoryObjectHandle? handle).ThrowIfRefused();
        return handle!;
    }

    private void MapOrUnmapObject(int first, int count)
    {
        nuint address = (nuint)first * PageSize;
        nuint byteCount = (nuint)count * PageSize;
        if (!isPosix && address % platform.AllocationGranularity != 0)
        {
            return;
        }

        if (_random.Next(3) == 0)
        {
            Expect(
                isPosix && model.IsOwnRange(first, count),
                true,
                () => platform.UnmapObject(address, byteCount),
                first,
                count,
                static page => new Page { Owner = page.Owner });
            return;
        }

        // Mostly in step with the address, so that neighbours often go on where the other ends.
        int which = _random.Next(_objects.Length);
        int start = _random.Next(3) == 0 ? _random.Next(ObjectPages) : first % ObjectPages;
        start -= start % (int)(platform.AllocationGranularity / PageSize);
        MappingSharing sharing = (MappingSharing)_random.Next(2);
        PageProtection protection = Protections[_random.Next(Protections.Length)];
        Expect(
            isPosix && model.IsOwnRange(first, count),
            start + count <= ObjectPages,
            () => platform.MapObject(
                address, byteCount, _objects[which], (ulong)start * PageSize, protection, sharing),
            first,
            count,
            page => new Page
            {
                Owner = page.Owner,
                IsCommitted = true,
                Protection = protection,
                IsDirty = true,
                Backing = new(which + 1, start - first, sharing),
            });
    }

    private void InstallOrRemoveGuard(int first, int count)
    {
        nuint address = (nuint)first * PageSize;
        nuint byteCount = (nuint)count * PageSize;
        bool isLawful = model.IsCommitted(first, count) && IsAnonymous(first, count);
        if (_random.Next(2) == 0)
        {
            Expect(
                isLawful,
                !model.Any(first, count, static page => page.IsLocked),
                () => platform.InstallGuard(address, byteCount),
                first,
                count,
                page => page with
                {
                    IsGuarded = true,
                    IsResident = false,
                    IsDirty = page.IsDirty && !isPosix,
                    Protection = isPosix ? page.Protection : PageProtection.None,
                });
            return;
        }

        PageProtection protection = model.Pages[first].Protection;
        Expect(
            isLawful && (!isPosix || !model.Any(first, count, page => page.Protection != protection)),
            true,
            () => platform.RemoveGuard(address, byteCount, protection),
            first,
            count,
            page => page with { IsGuarded = false, Protection = protection });
    }

    private bool IsAnonymous(int first, int count) =>
        model.IsOwnRange(first, count) && !model.Any(first, count, static page => page.Backing.Object != 0);

    // Where a guard is a protection, another protection would take it off.
    private bool HasNoProtectedGuard(int first, int count) =>
        isPosix || !model.Any(first, count, static page => page.IsGuarded);
}
