using NativeVm.Platform;
using NativeVm.Testing;
using Page = NativeVm.Tests.Testing.PageArrayModel.Page;

namespace NativeVm.Tests.Testing;

// What is done to pages of a reservation.
internal sealed partial class PlatformComparison
{
    private void Commit(int first, int count)
    {
        PageProtection protection = Protections[_random.Next(1, Protections.Length)];
        Expect(
            IsAnonymous(first, count) && HasNoProtectedGuard(first, count),
            true,
            () => platform.Commit((nuint)first * PageSize, (nuint)count * PageSize, protection),
            first,
            count,
            page => page with { IsCommitted = true, Protection = protection });
    }

    private void Decommit(int first, int count)
    {
        RangeTraits traits = (RangeTraits)_random.Next(8);
        Expect(
            IsAnonymous(first, count),
            true,
            () => platform.Decommit((nuint)first * PageSize, (nuint)count * PageSize, traits),
            first,
            count,
            page => new Page { Owner = page.Owner, Traits = traits });
    }

    private void Purge(int first, int count) =>
        Expect(
            model.IsCommitted(first, count) && IsAnonymous(first, count),
            !model.Any(first, count, static page => page.IsLocked),
            () => platform.Purge((nuint)first * PageSize, (nuint)count * PageSize),
            first,
            count,
            page => page with { IsResident = false, IsDirty = page.IsDirty && !isPosix });

    private void Protect(int first, int count)
    {
        PageProtection protection = Protections[_random.Next(Protections.Length)];
        Expect(
            model.IsCommitted(first, count) && HasNoProtectedGuard(first, count),
            true,
            () => platform.Protect((nuint)first * PageSize, (nuint)count * PageSize, protection),
            first,
            count,
            page => page with { Protection = protection });
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
}
