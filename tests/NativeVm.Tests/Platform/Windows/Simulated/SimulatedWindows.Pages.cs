using NativeVm.Platform;
using TerraFX.Interop.Windows;
using static TerraFX.Interop.Windows.ERROR;

namespace NativeVm.Tests.Platform.Windows.Simulated;

// What is in physical memory, and figures.
internal sealed unsafe partial class SimulatedWindows
{
    private const int NoInterface = unchecked((int)0x8000_4002);
    private const int AlreadyThere = unchecked((int)0x8007_00B7);

    private readonly HashSet<nuint> _locked = new(4096);
    private readonly HashSet<nuint> _excluded = new(64);

    /// <summary>How many blocks may be left out of crash dumps.</summary>
    public int ExclusionLimit { get; init; } = 64;

    /// <summary>How many are.</summary>
    public int ExclusionCount => _excluded.Count;

    /// <summary>How many pages are locked.</summary>
    public int LockedPageCount => _locked.Count;

    public override bool VirtualLock(nuint address, nuint byteCount)
    {
        lock (_lock)
        {
            nuint end = address + byteCount;
            if (Refuses())
            {
                return false;
            }

            if (!_runs.IsCommitted(address, end))
            {
                return Answer(ERROR_NOACCESS);
            }

            if (_locked.Count + (int)(byteCount / _host.PageSize) > LockLimit)
            {
                return Answer(ERROR_WORKING_SET_QUOTA);
            }

            _host.Prefault(address, byteCount).ThrowIfRefused();
            for (nuint page = address; page < end; page += _host.PageSize)
            {
                _ = _locked.Add(page);
            }

            return true;
        }
    }

    public override bool VirtualUnlock(nuint address, nuint byteCount)
    {
        lock (_lock)
        {
            nuint end = address + byteCount;
            for (nuint page = address; page < end; page += _host.PageSize)
            {
                if (!_locked.Contains(page))
                {
                    return Answer(ERROR_NOT_LOCKED);
                }
            }

            if (Refuses())
            {
                return false;
            }

            Forget(address, end);
            return true;
        }
    }

    public override int DiscardVirtualMemory(nuint address, nuint byteCount)
    {
        lock (_lock)
        {
            nuint end = address + byteCount;
            if (!HasDiscard)
            {
                throw new EntryPointNotFoundException();
            }

            if (Refuses())
            {
                return RefusalError;
            }

            if (!IsCommittedAllocation(address, end))
            {
                return ERROR_INVALID_PARAMETER;
            }

            for (nuint position = address; position < end && _runs.TryFind(position, out WindowsRun run); position = run.End)
            {
                nuint runEnd = nuint.Min(run.End, end);
                if (run.Kind is WindowsAllocationKind.Private or WindowsAllocationKind.Replacement)
                {
                    _host.Purge(position, runEnd - position).ThrowIfRefused();
                }
            }

            return ERROR_SUCCESS;
        }
    }

    public override bool PrefetchVirtualMemory(nuint address, nuint byteCount) =>
        !Refuses() && Answer(_runs.IsCommitted(address, address + byteCount) ? ERROR_SUCCESS : ERROR_INVALID_ADDRESS);

    public override bool QueryWorkingSetEx(PSAPI_WORKING_SET_EX_INFORMATION* pages, int count)
    {
        lock (_lock)
        {
            if (Refuses())
            {
                return false;
            }

            for (int i = 0; i < count; i++)
            {
                nuint page = (nuint)pages[i].VirtualAddress;
                _host.QueryResident(page, _host.PageSize, out nuint resident).ThrowIfRefused();
                pages[i].VirtualAttributes.Flags =
                    (resident != 0 ? 1u : 0u) | (_locked.Contains(page) ? (nuint)1 << 22 : 0u);
            }

            return true;
        }
    }

    public override bool GetProcessMemoryInfo(PROCESS_MEMORY_COUNTERS* counters)
    {
        if (Refuses())
        {
            return false;
        }

        _host.QueryProcess(out ProcessMemory memory).ThrowIfRefused();
        *counters = default;
        counters->WorkingSetSize = memory.ResidentByteCount;
        counters->PeakWorkingSetSize = memory.PeakResidentByteCount;
        counters->PageFaultCount = (uint)memory.PageFaultCount;
        return true;
    }

    public override int WerRegisterExcludedMemoryBlock(nuint address, uint byteCount)
    {
        if (!HasErrorReporting)
        {
            throw new DllNotFoundException();
        }

        return _excluded.Count < ExclusionLimit ? _excluded.Add(address) ? 0 : AlreadyThere : NoInterface;
    }

    public override int WerUnregisterExcludedMemoryBlock(nuint address) => _excluded.Remove(address) ? 0 : AlreadyThere;

    private void Forget(nuint start, nuint end)
    {
        if (_locked.Count == 0)
        {
            return;
        }

        for (nuint page = start; page < end; page += _host.PageSize)
        {
            _ = _locked.Remove(page);
        }
    }
}
