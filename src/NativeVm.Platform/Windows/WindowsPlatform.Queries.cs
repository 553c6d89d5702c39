using TerraFX.Interop.Windows;
using static TerraFX.Interop.Windows.ERROR;
using static TerraFX.Interop.Windows.MEM;

namespace NativeVm.Platform.Windows;

internal sealed unsafe partial class WindowsPlatform
{
    /// <remarks>
    /// <c>VirtualQuery</c> describes the run from the page of the address upwards, so its beginning is looked for
    /// from the start of the allocation, or of the address space for a hole.
    /// </remarks>
    protected override SystemReply QueryCore(nuint address, out RegionInfo region)
    {
        region = default;
        if (!QueryRegion(address, out MEMORY_BASIC_INFORMATION found))
        {
            return Refusal(SystemOperation.Query, address, 0, RefusalReason.InvalidRange, LastError());
        }

        nuint position = found.State == MEM_FREE ? 0 : (nuint)found.AllocationBase;
        while (position <= address && QueryRun(position, out MEMORY_BASIC_INFORMATION run))
        {
            found = run;
            position = EndOf(run);
        }

        region = ToRegion(found);
        return SystemReply.Success;
    }

    protected override SystemReply QueryResidentCore(nuint address, nuint byteCount, out nuint residentByteCount)
    {
        residentByteCount = 0;
        nuint total = 0;
        nuint end = address + byteCount;
        for (nuint position = address; position < end;)
        {
            if (!QueryRegion(position, out MEMORY_BASIC_INFORMATION region) || region.State == MEM_FREE)
            {
                return Refusal(SystemOperation.QueryResident, address, byteCount, ERROR_INVALID_ADDRESS);
            }

            // Only committed pages are asked about one by one: a reservation may be terabytes, and holds none.
            nuint regionEnd = Math.Min(EndOf(region), end);
            if (region.State == MEM_COMMIT)
            {
                int error = CountResident(position, regionEnd, ref total);
                if (error != ERROR_SUCCESS)
                {
                    return Refusal(SystemOperation.QueryResident, address, byteCount, error);
                }
            }

            position = regionEnd;
        }

        residentByteCount = total;
        return SystemReply.Success;
    }

    protected override SystemReply CountMappingsCore(nuint address, nuint byteCount, out nuint count)
    {
        count = CountRegions(address, address + byteCount);
        return SystemReply.Success;
    }

    protected override SystemReply QueryProcessCore(out ProcessMemory memory)
    {
        PROCESS_MEMORY_COUNTERS counters = default;
        CountCall();
        if (!_system.GetProcessMemoryInfo(&counters))
        {
            memory = default;
            return Refusal(SystemOperation.QueryProcess, 0, 0, LastError());
        }

        memory = new(
            counters.WorkingSetSize,
            counters.PeakWorkingSetSize,
            CountRegions(LowestAddress, HighestAddress),
            counters.PageFaultCount);
        return SystemReply.Success;
    }

    private nuint CountRegions(nuint address, nuint end)
    {
        nuint count = 0;
        MEMORY_BASIC_INFORMATION previous = default;
        for (nuint position = address;
            position < end && QueryRegion(position, out MEMORY_BASIC_INFORMATION region);
            position = EndOf(region))
        {
            count += region.State == MEM_FREE || AreAlike(previous, region) ? 0u : 1u;
            previous = region;
        }

        return count;
    }

    /// <summary>Whether every page of a range is committed and allows at least what is asked.</summary>
    private bool IsCommitted(nuint address, nuint end, PageProtection needed)
    {
        for (nuint position = address; position < end;)
        {
            if (!QueryRegion(position, out MEMORY_BASIC_INFORMATION region)
                || region.State != MEM_COMMIT
                || (FromSystem(region.Protect) & needed) != needed)
            {
                return false;
            }

            position = EndOf(region);
        }

        return true;
    }

    private int CountResident(nuint address, nuint end, ref nuint residentByteCount)
    {
        PageBatch batch;
        nuint pageSize = PageSize;
        for (nuint start = address; start < end;)
        {
            int count = (int)Math.Min((end - start) / pageSize, PageBatch.Capacity);
            int error = QueryPages(&batch, start, count);
            if (error != ERROR_SUCCESS)
            {
                return error;
            }

            for (int i = 0; i < count; i++)
            {
                residentByteCount += batch.IsResident(i) ? pageSize : 0;
            }

            start += (nuint)count * pageSize;
        }

        return ERROR_SUCCESS;
    }

    /// <summary>Asks about pages side by side.</summary>
    /// <returns>0, or the system's error number.</returns>
    private int QueryPages(PageBatch* batch, nuint address, int count)
    {
        batch->Fill(address, count, PageSize);
        CountCall();
        return _system.QueryWorkingSetEx((PSAPI_WORKING_SET_EX_INFORMATION*)batch, count)
            ? ERROR_SUCCESS
            : LastError();
    }

    private bool QueryRegion(nuint address, out MEMORY_BASIC_INFORMATION region)
    {
        MEMORY_BASIC_INFORMATION answer = default;
        CountCall();
        bool isAnswered = _system.VirtualQuery(address, &answer);
        region = answer;
        return isAnswered;
    }

    /// <summary>
    /// A region with those above it that are alike. The answers of Windows are whole; those of Wine end where pages
    /// that are only reserved had different protections while they were committed.
    /// </summary>
    private bool QueryRun(nuint address, out MEMORY_BASIC_INFORMATION run)
    {
        if (!QueryRegion(address, out run))
        {
            return false;
        }

        while (QueryRegion(EndOf(run), out MEMORY_BASIC_INFORMATION next) && AreAlike(run, next))
        {
            run.RegionSize += next.RegionSize;
        }

        return true;
    }

    private static bool AreAlike(in MEMORY_BASIC_INFORMATION lower, in MEMORY_BASIC_INFORMATION upper) =>
        lower.State == upper.State
        && lower.Protect == upper.Protect
        && lower.AllocationBase == upper.AllocationBase;

    private static nuint EndOf(in MEMORY_BASIC_INFORMATION region) => (nuint)region.BaseAddress + region.RegionSize;

    private static RegionInfo ToRegion(in MEMORY_BASIC_INFORMATION region)
    {
        PageState state = region.State switch
        {
            MEM_COMMIT => PageState.Committed,
            MEM_RESERVE => PageState.Reserved,
            _ => PageState.Free,
        };
        return new(
            (nuint)region.BaseAddress,
            region.RegionSize,
            state,
            state == PageState.Committed ? FromSystem(region.Protect) : PageProtection.None);
    }
}
