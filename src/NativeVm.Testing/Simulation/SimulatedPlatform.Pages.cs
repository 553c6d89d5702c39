using NativeVm.Platform;

namespace NativeVm.Testing;

public sealed partial class SimulatedPlatform
{
    /// <inheritdoc/>
    protected override SystemReply CommitCore(nuint address, nuint byteCount, PageProtection protection)
    {
        lock (_gate)
        {
            RequireReserved(SystemOperation.Commit, address, byteCount);
            RequireNoObject(SystemOperation.Commit, address, byteCount);
            RequireGuardThatStays(SystemOperation.Commit, address, byteCount);
            CountSystemCall();
            protection = Effective(protection);
            return Edit(
                SystemOperation.Commit,
                address,
                byteCount,
                run => run with { State = PageState.Committed, Protection = protection });
        }
    }

    /// <inheritdoc/>
    protected override SystemReply DecommitCore(nuint address, nuint byteCount, RangeTraits traits)
    {
        lock (_gate)
        {
            RequireReserved(SystemOperation.Decommit, address, byteCount);
            RequireNoObject(SystemOperation.Decommit, address, byteCount);
            CountSystemCall();

            // A new mapping replaces the old one, as mmap(MAP_FIXED) does: nothing of it survives but the advice
            // that the caller repeats, on the pages that were only reserved as well.
            return Edit(
                SystemOperation.Decommit,
                address,
                byteCount,
                run => RunAttributes.Reserved(run.Owner) with { Traits = traits });
        }
    }

    /// <inheritdoc/>
    protected override SystemReply PurgeCore(nuint address, nuint byteCount)
    {
        lock (_gate)
        {
            RequireAnonymous(SystemOperation.Purge, address, byteCount);
            CountSystemCall();

            // madvise(MADV_DONTNEED) is EINVAL on locked pages; DiscardVirtualMemory fails as well.
            if (_inRange.Exists(static run => run.Attributes.IsLocked))
            {
                return Refuse(SystemOperation.Purge, address, byteCount, RefusalReason.InvalidRange);
            }

            bool readsZero = Supports(PlatformCapabilities.PurgeReadsZero);
            return Edit(
                SystemOperation.Purge,
                address,
                byteCount,
                run => run with { IsResident = false, IsDirty = run.IsDirty && !readsZero });
        }
    }

    /// <inheritdoc/>
    protected override SystemReply ProtectCore(nuint address, nuint byteCount, PageProtection protection)
    {
        lock (_gate)
        {
            RequireCommitted(SystemOperation.Protect, address, byteCount);
            RequireGuardThatStays(SystemOperation.Protect, address, byteCount);
            CountSystemCall();
            protection = Effective(protection);
            if (protection.HasFlag(PageProtection.Write)
                && _inRange.Exists(static run => run.Attributes.Backing.IsReadOnly))
            {
                return Refuse(SystemOperation.Protect, address, byteCount, RefusalReason.AccessDenied);
            }

            return Edit(SystemOperation.Protect, address, byteCount, run => run with { Protection = protection });
        }
    }

    /// <inheritdoc/>
    protected override SystemReply AdviseCore(nuint address, nuint byteCount, PageAdvice advice)
    {
        lock (_gate)
        {
            if (advice is PageAdvice.WillNeed or PageAdvice.Free or PageAdvice.CollapseHugePages)
            {
                RequireCommitted(SystemOperation.Advise, address, byteCount);
                RequireNoGuard(SystemOperation.Advise, address, byteCount);
                if (advice == PageAdvice.Free)
                {
                    RequireNoObject(SystemOperation.Advise, address, byteCount);
                }
            }
            else
            {
                RequireReserved(SystemOperation.Advise, address, byteCount);
            }

            if (!Supports(advice))
            {
                return Refuse(SystemOperation.Advise, address, byteCount, RefusalReason.NotSupported);
            }

            CountSystemCall();
            if (advice == PageAdvice.Free && _inRange.Exists(static run => run.Attributes.IsLocked))
            {
                return Refuse(SystemOperation.Advise, address, byteCount, RefusalReason.InvalidRange);
            }

            return Edit(SystemOperation.Advise, address, byteCount, run => Advised(run, advice));
        }
    }

    /// <inheritdoc/>
    protected override SystemReply PrefaultCore(nuint address, nuint byteCount)
    {
        lock (_gate)
        {
            RequireCommitted(SystemOperation.Prefault, address, byteCount);
            RequireNoGuard(SystemOperation.Prefault, address, byteCount);
            int readOnly = _inRange.FindIndex(static run => !run.Attributes.Protection.HasFlag(PageProtection.Write));
            if (readOnly >= 0)
            {
                ThrowUnlawful(
                    SystemOperation.Prefault,
                    address,
                    byteCount,
                    $"{PagesOf(_inRange[readOnly])} are not writable");
            }

            CountSystemCall();
            CountFaults(address, byteCount);
            EditFreely(address, byteCount, static run => run with { IsResident = true });
            return SystemReply.Success;
        }
    }

    /// <inheritdoc/>
    protected override SystemReply LockCore(nuint address, nuint byteCount)
    {
        lock (_gate)
        {
            RequireCommitted(SystemOperation.Lock, address, byteCount);
            RequireNoGuard(SystemOperation.Lock, address, byteCount);
            CountSystemCall();

            // mlock(2) and VirtualLock bring the pages in, which fails where no access is allowed.
            if (_inRange.Exists(static run => run.Attributes.Protection == PageProtection.None))
            {
                return Refuse(SystemOperation.Lock, address, byteCount, RefusalReason.InvalidRange);
            }

            SystemReply reply = Edit(
                SystemOperation.Lock,
                address,
                byteCount,
                static run => run with { IsLocked = true, IsResident = true });
            if (reply.IsSuccess)
            {
                CountFaults(address, byteCount);
            }

            return reply;
        }
    }

    /// <inheritdoc/>
    protected override SystemReply UnlockCore(nuint address, nuint byteCount)
    {
        lock (_gate)
        {
            RequireCommitted(SystemOperation.Unlock, address, byteCount);
            CountSystemCall();
            return Edit(SystemOperation.Unlock, address, byteCount, static run => run with { IsLocked = false });
        }
    }

    // Whether free memory is taken is the system's choice; this one is never short of memory and takes none.
    private static RunAttributes Advised(RunAttributes run, PageAdvice advice) => advice switch
    {
        PageAdvice.Normal => run with { Hints = run.Hints & ~(AccessHints.Sequential | AccessHints.Random) },
        PageAdvice.Sequential => run with { Hints = (run.Hints & ~AccessHints.Random) | AccessHints.Sequential },
        PageAdvice.Random => run with { Hints = (run.Hints & ~AccessHints.Sequential) | AccessHints.Random },
        PageAdvice.HugePages =>
            run with { Traits = run.Traits | RangeTraits.HugePages, Hints = run.Hints & ~AccessHints.NoHugePages },
        PageAdvice.NoHugePages =>
            run with { Traits = run.Traits & ~RangeTraits.HugePages, Hints = run.Hints | AccessHints.NoHugePages },
        PageAdvice.ExcludeFromCoreDumps => run with { Traits = run.Traits | RangeTraits.ExcludedFromCoreDumps },
        PageAdvice.IncludeInCoreDumps => run with { Traits = run.Traits & ~RangeTraits.ExcludedFromCoreDumps },
        PageAdvice.ExcludeFromFork => run with { Traits = run.Traits | RangeTraits.ExcludedFromFork },
        PageAdvice.IncludeInFork => run with { Traits = run.Traits & ~RangeTraits.ExcludedFromFork },
        _ => run,
    };

    // Writable is also readable, on every system.
    private static PageProtection Effective(PageProtection protection) =>
        protection.HasFlag(PageProtection.Write) ? protection | PageProtection.Read : protection;
}
