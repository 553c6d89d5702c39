using TerraFX.Interop.Windows;
using static TerraFX.Interop.Windows.ERROR;
using static TerraFX.Interop.Windows.MEM;
using static TerraFX.Interop.Windows.PAGE;

namespace NativeVm.Platform.Windows;

internal sealed unsafe partial class WindowsPlatform
{
    /// <remarks>
    /// The whole charge against the commit limit is taken before the first page, so a refusal commits none. Pages
    /// that are committed already keep their contents and take the protection.
    /// </remarks>
    protected override SystemReply CommitCore(nuint address, nuint byteCount, PageProtection protection)
    {
        CountCall();
        if (_system.VirtualAlloc(address, byteCount, MEM_COMMIT, ToSystem(protection)) != 0)
        {
            return SystemReply.Success;
        }

        int error = LastError();
        if (error == ERROR_INVALID_ADDRESS && MayBePlaceholder)
        {
            error = CommitPieces(address, byteCount, ToSystem(protection));
        }

        return error == ERROR_SUCCESS
            ? SystemReply.Success
            : Refusal(SystemOperation.Commit, address, byteCount, error);
    }

    /// <remarks>A region is part of its allocation and needs no advice put back.</remarks>
    protected override SystemReply DecommitCore(nuint address, nuint byteCount, RangeTraits traits)
    {
        int error = MayBePlaceholder
            ? DecommitPieces(address, byteCount)
            : Free(address, byteCount, MEM_DECOMMIT);
        return error == ERROR_SUCCESS
            ? SystemReply.Success
            : Refusal(SystemOperation.Decommit, address, byteCount, error);
    }

    /// <remarks>
    /// <c>DiscardVirtualMemory</c> where it is there. Elsewhere <c>MEM_RESET</c>, after which the pages need not be
    /// written to the page file, and <c>VirtualUnlock</c>, which takes pages that are not locked out of the working
    /// set and says so with an error. A range that is locked is unlocked before it is purged.
    /// </remarks>
    protected override SystemReply PurgeCore(nuint address, nuint byteCount)
    {
        int error = OnPieces(address, byteCount, &Purge);
        return error == ERROR_SUCCESS
            ? SystemReply.Success
            : Refusal(SystemOperation.Purge, address, byteCount, error);
    }

    protected override SystemReply ProtectCore(nuint address, nuint byteCount, PageProtection protection)
    {
        uint wanted = ToSystem(protection);
        CountCall();
        if (_system.VirtualProtect(address, byteCount, wanted))
        {
            return SystemReply.Success;
        }

        int error = LastError();
        if (wanted == PAGE_READWRITE && IsCopyOnWrite(address))
        {
            CountCall();
            error = _system.VirtualProtect(address, byteCount, PAGE_WRITECOPY) ? ERROR_SUCCESS : LastError();
        }
        else if (error == ERROR_INVALID_ADDRESS && MayBePlaceholder)
        {
            error = ProtectPieces(address, byteCount, wanted);
        }

        return error == ERROR_SUCCESS
            ? SystemReply.Success
            : Refusal(SystemOperation.Protect, address, byteCount, error);
    }

    protected override SystemReply LockCore(nuint address, nuint byteCount)
    {
        CountCall();
        if (_system.VirtualLock(address, byteCount))
        {
            return SystemReply.Success;
        }

        // The error number for memory that is not there, or not accessible, is not always the same.
        int error = LastError();
        return IsCommitted(address, address + byteCount, PageProtection.None)
            ? Refusal(SystemOperation.Lock, address, byteCount, error)
            : Refusal(SystemOperation.Lock, address, byteCount, RefusalReason.InvalidRange, error);
    }

    protected override SystemReply UnlockCore(nuint address, nuint byteCount)
    {
        int error = UnlockPages(address, byteCount);
        if (error == ERROR_NOT_LOCKED)
        {
            // One page that is not locked makes the system unlock none of the range.
            error = UnlockLockedRuns(address, byteCount);
        }

        return error == ERROR_SUCCESS
            ? SystemReply.Success
            : Refusal(SystemOperation.Unlock, address, byteCount, error);
    }

    // A copy-on-write view takes no plain write access, and a shared one that is read-only must not become a copy.
    private bool IsCopyOnWrite(nuint address) =>
        QueryRegion(address, out MEMORY_BASIC_INFORMATION region)
        && region.Type == MEM_MAPPED
        && region.AllocationProtect == PAGE_WRITECOPY;

    private static int Purge(WindowsPlatform platform, nuint address, nuint byteCount)
    {
        if (platform.Has(WindowsFeatures.Discard))
        {
            platform.CountCall();
            return platform._system.DiscardVirtualMemory(address, byteCount);
        }

        int error = Reset(platform, address, byteCount);
        if (error != ERROR_SUCCESS)
        {
            return error;
        }

        platform.CountCall();
        error = platform._system.VirtualUnlock(address, byteCount) ? ERROR_SUCCESS : platform.LastError();
        return error == ERROR_NOT_LOCKED ? ERROR_SUCCESS : error;
    }

    private int UnlockPages(nuint address, nuint byteCount)
    {
        CountCall();
        return _system.VirtualUnlock(address, byteCount) ? ERROR_SUCCESS : LastError();
    }

    private int UnlockLockedRuns(nuint address, nuint byteCount)
    {
        PageBatch batch;
        nuint pageSize = PageSize;
        nuint end = address + byteCount;
        for (nuint start = address; start < end;)
        {
            int count = (int)Math.Min((end - start) / pageSize, PageBatch.Capacity);
            int error = QueryPages(&batch, start, count);
            for (int i = 0, run; error == ERROR_SUCCESS && i < count; i += run)
            {
                bool isLocked = batch.IsLocked(i);
                run = 1;
                while (i + run < count && batch.IsLocked(i + run) == isLocked)
                {
                    run++;
                }

                if (isLocked)
                {
                    error = UnlockPages(start + ((nuint)i * pageSize), (nuint)run * pageSize);
                }
            }

            if (error != ERROR_SUCCESS)
            {
                return error;
            }

            start += (nuint)count * pageSize;
        }

        return ERROR_SUCCESS;
    }

    /// <summary>Tells the system that the contents are not needed: they go, instead of to the page file.</summary>
    /// <returns>0, or the system's error number.</returns>
    private static int Reset(WindowsPlatform platform, nuint address, nuint byteCount)
    {
        // The protection does not matter to MEM_RESET, but has to be one.
        platform.CountCall();
        return platform._system.VirtualAlloc(address, byteCount, MEM_RESET, PAGE_NOACCESS) != 0
            ? ERROR_SUCCESS
            : platform.LastError();
    }

    private static uint ToSystem(PageProtection protection) => protection switch
    {
        PageProtection.None => PAGE_NOACCESS,
        PageProtection.Read => PAGE_READONLY,
        PageProtection.Write or PageProtection.ReadWrite => PAGE_READWRITE,
        PageProtection.Execute => PAGE_EXECUTE,
        _ => PAGE_EXECUTE_READ,
    };

    private static PageProtection FromSystem(uint protection)
    {
        // The first touch of a page with PAGE_GUARD faults, whatever else it allows.
        return (protection & PAGE_GUARD) != 0 ? PageProtection.None : (protection & 0xFF) switch
        {
            PAGE_READONLY => PageProtection.Read,
            PAGE_READWRITE or PAGE_WRITECOPY => PageProtection.ReadWrite,
            PAGE_EXECUTE => PageProtection.Execute,
            PAGE_EXECUTE_READ => PageProtection.ReadExecute,
            PAGE_EXECUTE_READWRITE or PAGE_EXECUTE_WRITECOPY => PageProtection.ReadWrite | PageProtection.Execute,
            _ => PageProtection.None,
        };
    }
}
