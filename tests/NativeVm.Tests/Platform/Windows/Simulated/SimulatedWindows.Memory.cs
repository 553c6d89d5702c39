using NativeVm.Platform;
using TerraFX.Interop.Windows;
using static TerraFX.Interop.Windows.ERROR;
using static TerraFX.Interop.Windows.MEM;
using static TerraFX.Interop.Windows.PAGE;

namespace NativeVm.Tests.Platform.Windows.Simulated;

// Reservations, placeholders and pages.
internal sealed unsafe partial class SimulatedWindows
{
    public override nuint VirtualAlloc(nuint address, nuint byteCount, uint how, uint protection)
    {
        lock (_lock)
        {
            nuint start = address & ~(_host.PageSize - 1);
            nuint end = RoundUp(address + byteCount, _host.PageSize);
            int error = Refuses() ? _error
                : byteCount > HighestOfAll ? ERROR_INVALID_PARAMETER
                : (how & MEM_RESERVE) != 0 || address == 0
                    ? Reserve(ref start, ref end, WindowsAllocationKind.Private, how, 0, default)
                : (how & MEM_RESET) != 0 && !IsCommittedAllocation(start, end) ? ERROR_INVALID_ADDRESS
                : ERROR_SUCCESS;
            if (error == ERROR_SUCCESS && (how & MEM_COMMIT) != 0)
            {
                error = Commit(start, end, protection);
            }

            return Answer(error) ? start : 0;
        }
    }

    public override nuint VirtualAlloc2(
        nuint address, nuint byteCount, uint how, uint protection, MEM_ADDRESS_REQUIREMENTS* requirements)
    {
        lock (_lock)
        {
            nuint start = address;
            nuint end = RoundUp(address + byteCount, _host.PageSize);
            bool hasPlaceholders = HasPlaceholders || (how & (MEM_RESERVE_PLACEHOLDER | MEM_REPLACE_PLACEHOLDER)) == 0;
            bool hasLargePages = HasLargePages || (how & MEM_LARGE_PAGES) == 0;
            MEM_ADDRESS_REQUIREMENTS bounds = requirements == null || !HeedsRequirements ? default : *requirements;
            int error = Refuses() ? _error
                : !hasPlaceholders || byteCount > HighestOfAll ? ERROR_INVALID_PARAMETER
                : !hasLargePages ? ERROR_PRIVILEGE_NOT_HELD
                : (how & MEM_REPLACE_PLACEHOLDER) != 0 ? Replace(start, end, protection)
                : Reserve(
                    ref start,
                    ref end,
                    (how & MEM_RESERVE_PLACEHOLDER) != 0 ? WindowsAllocationKind.Placeholder : WindowsAllocationKind.Private,
                    how,
                    (nuint)bounds.LowestStartingAddress,
                    bounds);
            return Answer(error) ? start : 0;
        }
    }

    public override bool VirtualFree(nuint address, nuint byteCount, uint how)
    {
        lock (_lock)
        {
            nuint end = address + byteCount;
            return !Refuses() && Answer(how switch
            {
                MEM_RELEASE => byteCount == 0 ? Release(address) : ERROR_INVALID_PARAMETER,
                MEM_DECOMMIT => Decommit(address, end),
                MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER => Preserve(address, end),
                MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS => Coalesce(address, end),
                _ => ERROR_INVALID_PARAMETER,
            });
        }
    }

    public override bool VirtualProtect(nuint address, nuint byteCount, uint protection)
    {
        lock (_lock)
        {
            nuint end = RoundUp(address + byteCount, _host.PageSize);
            if (Refuses())
            {
                return false;
            }

            if (!IsCommittedAllocation(address, end) || !_runs.TryFind(address, out WindowsRun run))
            {
                return Answer(ERROR_INVALID_ADDRESS);
            }

            // A view is never given more than it was mapped with.
            bool isView = run.Kind is WindowsAllocationKind.View or WindowsAllocationKind.ReplacingView;
            if (isView && (protection == PAGE_READWRITE && run.FirstProtect != PAGE_READWRITE
                || protection == PAGE_WRITECOPY && run.FirstProtect is not (PAGE_WRITECOPY or PAGE_READWRITE)))
            {
                return Answer(ERROR_INVALID_PARAMETER);
            }

            _host.Protect(address, end - address, ToHost(protection)).ThrowIfRefused();
            _runs.Protect(address, end, protection);
            return true;
        }
    }

    public override bool VirtualQuery(nuint address, MEMORY_BASIC_INFORMATION* region)
    {
        lock (_lock)
        {
            nuint page = address & ~(_host.PageSize - 1);
            if (page >= HighestOfAll)
            {
                return Answer(ERROR_INVALID_PARAMETER);
            }

            *region = default;
            region->BaseAddress = (void*)page;
            if (_runs.TryFind(page, out WindowsRun run))
            {
                bool isView = run.Kind is WindowsAllocationKind.View or WindowsAllocationKind.ReplacingView;
                region->AllocationBase = (void*)run.Base;
                region->AllocationProtect = run.FirstProtect;
                region->RegionSize = run.End - page;
                region->State = run.IsCommitted ? (uint)MEM_COMMIT : MEM_RESERVE;
                region->Protect = run.Protect;
                region->Type = isView ? (uint)MEM_MAPPED : 0x2_0000;
            }
            else
            {
                // What lies below the lowest address is free and cannot be had.
                region->RegionSize = _runs.FreeEnd(page, HighestOfAll) - page;
                region->State = MEM_FREE;
                region->Protect = PAGE_NOACCESS;
            }

            return true;
        }
    }

    private bool IsCommittedAllocation(nuint start, nuint end) =>
        _runs.IsOneAllocation(start, end, out _) && _runs.IsCommitted(start, end);

    private int Reserve(
        ref nuint start,
        ref nuint end,
        WindowsAllocationKind kind,
        uint how,
        nuint lowest,
        in MEM_ADDRESS_REQUIREMENTS bounds)
    {
        if ((how & MEM_LARGE_PAGES) != 0 && !HasLargePages)
        {
            return ERROR_PRIVILEGE_NOT_HELD;
        }

        nuint byteCount = end - start;
        if (start == 0)
        {
            nuint highest = bounds.HighestEndingAddress == null ? HighestOfAll : (nuint)bounds.HighestEndingAddress + 1;
            nuint alignment = nuint.Max(bounds.Alignment, Granularity);
            nuint from = bounds.HighestEndingAddress == null ? _usualAddress : LowestOfAll;
            if (!TryFindPlace(byteCount, lowest == 0 ? from : lowest, highest, alignment, out start))
            {
                return ERROR_NOT_ENOUGH_MEMORY;
            }
        }

        start &= ~(Granularity - 1);
        end = start + RoundUp(byteCount, _host.PageSize);
        if (start < LowestOfAll || end > HighestOfAll)
        {
            return ERROR_INVALID_PARAMETER;
        }

        // The rest of the last granule belongs to the allocation, though no query shows it.
        if (!_runs.IsFree(start, RoundUp(end, Granularity)))
        {
            return ERROR_INVALID_ADDRESS;
        }

        _runs.Insert(new(start, end, start, kind, 0, PAGE_NOACCESS));
        return ERROR_SUCCESS;
    }

    private bool TryFindPlace(nuint byteCount, nuint lowest, nuint highest, nuint alignment, out nuint place)
    {
        place = RoundUp(lowest, alignment);
        while (place >= lowest && place < highest && byteCount <= highest - place)
        {
            if (_runs.IsFree(place, place + byteCount))
            {
                return true;
            }

            nuint next = _runs.TryFind(place, out WindowsRun run) ? run.End : _runs.FreeEnd(place, highest) + 1;
            place = RoundUp(next, alignment);
        }

        place = 0;
        return false;
    }

    private int Commit(nuint start, nuint end, uint protection)
    {
        if (!_runs.IsOneAllocation(start, end, out WindowsRun run)
            || run.Kind is not (WindowsAllocationKind.Private or WindowsAllocationKind.Replacement))
        {
            return ERROR_INVALID_ADDRESS;
        }

        _host.Commit(start, end - start, PageProtection.ReadWrite).ThrowIfRefused();
        _host.Protect(start, end - start, ToHost(protection)).ThrowIfRefused();
        _runs.Protect(start, end, protection);
        return ERROR_SUCCESS;
    }

    private int Replace(nuint start, nuint end, uint protection)
    {
        if (CannotReplace || !IsPlaceholder(start, end))
        {
            return ERROR_INVALID_ADDRESS;
        }

        _runs.Remove(start, end);
        _runs.Insert(new(start, end, start, WindowsAllocationKind.Replacement, 0, protection));
        return Commit(start, end, protection);
    }

    private bool IsPlaceholder(nuint start, nuint end) =>
        _runs.TryFind(start, out WindowsRun run)
        && run.Kind == WindowsAllocationKind.Placeholder
        && run.Start == start
        && run.End == end;

    private int Release(nuint address)
    {
        if (!_runs.TryFind(address, out WindowsRun run)
            || run.Base != address
            || run.Kind is not (WindowsAllocationKind.Private or WindowsAllocationKind.Placeholder or WindowsAllocationKind.Replacement))
        {
            return ERROR_INVALID_ADDRESS;
        }

        nuint end = _runs.EndOf(address, address);
        Drop(address, end);
        _runs.Remove(address, end);
        return ERROR_SUCCESS;
    }

    private int Decommit(nuint start, nuint end)
    {
        if (!_runs.IsOneAllocation(start, end, out WindowsRun run)
            || run.Kind is not (WindowsAllocationKind.Private or WindowsAllocationKind.Replacement))
        {
            return ERROR_INVALID_ADDRESS;
        }

        Drop(start, end);
        _runs.Protect(start, end, 0);
        return ERROR_SUCCESS;
    }

    // A placeholder is split; what replaced one becomes one again.
    private int Preserve(nuint start, nuint end)
    {
        if (!_runs.IsOneAllocation(start, end, out WindowsRun run)
            || run.Kind is not (WindowsAllocationKind.Placeholder or WindowsAllocationKind.Replacement))
        {
            return ERROR_INVALID_ADDRESS;
        }

        nuint wholeEnd = _runs.EndOf(run.Base, start);
        bool isWhole = start == run.Base && end == wholeEnd;
        if (run.Kind == WindowsAllocationKind.Placeholder ? isWhole : !isWhole && !SplitsReplacements)
        {
            return ERROR_INVALID_ADDRESS;
        }

        Drop(start, end);
        Rebase(end, wholeEnd, run.Base);
        _runs.Remove(start, end);
        _runs.Insert(new(start, end, start, WindowsAllocationKind.Placeholder, 0, PAGE_NOACCESS));
        return ERROR_SUCCESS;
    }

    // What is left above a cut is an allocation of its own.
    private void Rebase(nuint start, nuint end, nuint oldBase)
    {
        for (nuint position = start; position < end && _runs.TryFind(position, out WindowsRun run) && run.Base == oldBase;)
        {
            nuint runEnd = run.End;
            _runs.Remove(position, runEnd);
            _runs.Insert(run with { Start = position, Base = start });
            position = runEnd;
        }
    }

    private int Coalesce(nuint start, nuint end)
    {
        int count = 0;
        for (nuint position = start; position < end;)
        {
            if (!_runs.TryFind(position, out WindowsRun run)
                || run.Kind != WindowsAllocationKind.Placeholder
                || run.Start != position
                || run.End > end)
            {
                return ERROR_INVALID_ADDRESS;
            }

            position = run.End;
            count++;
        }

        if (count < 2)
        {
            return ERROR_INVALID_ADDRESS;
        }

        _runs.Remove(start, end);
        _runs.Insert(new(start, end, start, WindowsAllocationKind.Placeholder, 0, PAGE_NOACCESS));
        return ERROR_SUCCESS;
    }

    private void Drop(nuint start, nuint end)
    {
        Forget(start, end);
        _host.Decommit(start, end - start).ThrowIfRefused();
    }
}
