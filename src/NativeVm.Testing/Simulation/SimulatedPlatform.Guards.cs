using NativeVm.Platform;

namespace NativeVm.Testing;

public sealed partial class SimulatedPlatform
{
    private bool HasGuardRegions => Supports(PlatformCapabilities.GuardRegions);

    /// <inheritdoc/>
    protected override SystemReply InstallGuardCore(nuint address, nuint byteCount)
    {
        lock (_gate)
        {
            RequireAnonymous(SystemOperation.InstallGuard, address, byteCount);
            CountSystemCall();
            if (_inRange.Exists(static run => run.Attributes.IsLocked))
            {
                return Refuse(SystemOperation.InstallGuard, address, byteCount, RefusalReason.InvalidRange);
            }

            bool readsZero = Supports(PlatformCapabilities.PurgeReadsZero);
            bool protects = !HasGuardRegions;
            return Edit(
                SystemOperation.InstallGuard,
                address,
                byteCount,
                run => run with
                {
                    IsGuarded = true,
                    IsResident = false,
                    IsDirty = run.IsDirty && !readsZero,
                    Protection = protects ? PageProtection.None : run.Protection,
                });
        }
    }

    /// <inheritdoc/>
    protected override SystemReply RemoveGuardCore(nuint address, nuint byteCount, PageProtection protection)
    {
        lock (_gate)
        {
            RequireAnonymous(SystemOperation.RemoveGuard, address, byteCount);
            protection = Effective(protection);
            int other = _inRange.FindIndex(run => run.Attributes.Protection != protection);
            if (HasGuardRegions && other >= 0)
            {
                ThrowUnlawful(
                    SystemOperation.RemoveGuard,
                    address,
                    byteCount,
                    $"{PagesOf(_inRange[other])} have another protection below the guard, which stays");
            }

            CountSystemCall();
            return Edit(
                SystemOperation.RemoveGuard,
                address,
                byteCount,
                run => run with { IsGuarded = false, Protection = protection });
        }
    }

    /// <summary>As <see cref="RequireCommitted"/>, for what is done to anonymous memory only.</summary>
    private void RequireAnonymous(SystemOperation operation, nuint address, nuint byteCount)
    {
        RequireCommitted(operation, address, byteCount);
        RequireNoObject(operation, address, byteCount);
    }

    /// <summary>No page of the runs in <see cref="_inRange"/> has a guard.</summary>
    private void RequireNoGuard(SystemOperation operation, nuint address, nuint byteCount)
    {
        int guarded = _inRange.FindIndex(static run => run.Attributes.IsGuarded);
        if (guarded >= 0)
        {
            ThrowUnlawful(operation, address, byteCount, $"{PagesOf(_inRange[guarded])} have a guard");
        }
    }

    /// <summary>
    /// A protection goes under a guard that is a guard region; one that is itself a protection would be lost.
    /// </summary>
    private void RequireGuardThatStays(SystemOperation operation, nuint address, nuint byteCount)
    {
        if (!HasGuardRegions)
        {
            RequireNoGuard(operation, address, byteCount);
        }
    }
}
