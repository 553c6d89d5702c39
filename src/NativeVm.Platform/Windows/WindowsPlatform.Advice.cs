using static TerraFX.Interop.Windows.ERROR;

namespace NativeVm.Platform.Windows;

internal sealed unsafe partial class WindowsPlatform
{
    // How many blocks are left out of crash dumps now, so that a release that concerns none asks nothing.
    private int _excludedBlockCount;

    public override bool Supports(PageAdvice advice) => advice switch
    {
        PageAdvice.Free => true,
        PageAdvice.WillNeed => Has(WindowsFeatures.Prefetch),
        PageAdvice.ExcludeFromCoreDumps or PageAdvice.IncludeInCoreDumps => Has(WindowsFeatures.ExcludedMemoryBlocks),
        _ => false,
    };

    protected override SystemReply AdviseCore(nuint address, nuint byteCount, PageAdvice advice)
    {
        if (!Supports(advice))
        {
            return Refusal(SystemOperation.Advise, address, byteCount, ERROR_NOT_SUPPORTED);
        }

        int error = ERROR_SUCCESS;
        switch (advice)
        {
            case PageAdvice.Free:
                error = OnPieces(address, byteCount, &Reset);
                break;
            case PageAdvice.WillNeed:
                error = Prefetch(address, byteCount);
                break;
            case PageAdvice.ExcludeFromCoreDumps:
                error = AddExclusion(address, byteCount);
                break;
            default:
                RemoveExclusion(address, byteCount);
                break;
        }

        return error == ERROR_SUCCESS
            ? SystemReply.Success
            : Refusal(SystemOperation.Advise, address, byteCount, error);
    }

    /// <remarks>
    /// Windows makes no page resident without a touch. A touch of what is not committed and writable would end the
    /// process, so the range is looked at first.
    /// </remarks>
    protected override SystemReply PrefaultCore(nuint address, nuint byteCount)
    {
        nuint end = address + byteCount;
        if (!IsCommitted(address, end, PageProtection.Write))
        {
            return Refusal(SystemOperation.Prefault, address, byteCount, ERROR_INVALID_ADDRESS);
        }

        // Brings back what is in the page file, many pages at a time; it is a hint, and the touches do without it.
        if (Has(WindowsFeatures.Prefetch))
        {
            _ = Prefetch(address, byteCount);
        }

        for (nuint page = address; page < end; page += PageSize)
        {
            // A write that changes nothing, even when another thread writes the same word at the same time.
            _ = Interlocked.CompareExchange(ref *(int*)page, 0, 0);
        }

        return SystemReply.Success;
    }

    private int Prefetch(nuint address, nuint byteCount)
    {
        CountCall();
        return _system.PrefetchVirtualMemory(address, byteCount) ? ERROR_SUCCESS : LastError();
    }

    // Error reporting keeps a list of blocks by their first address, each shorter than 4 GiB. A range is cut into
    // blocks from its start, always in the same way, so that what was added can be removed by the same range.
    private int AddExclusion(nuint address, nuint byteCount)
    {
        for (nuint offset = 0; offset < byteCount; offset += WindowsErrorReporting.LargestBlock)
        {
            uint length = (uint)Math.Min(byteCount - offset, WindowsErrorReporting.LargestBlock);
            CountCall();
            int result = _system.WerRegisterExcludedMemoryBlock(address + offset, length);
            if (result < 0)
            {
                RemoveExclusion(address, offset);
                return WindowsErrorReporting.ErrorOf(result);
            }

            Interlocked.Increment(ref _excludedBlockCount);
        }

        return ERROR_SUCCESS;
    }

    private void RemoveExclusion(nuint address, nuint byteCount)
    {
        for (nuint offset = 0; offset < byteCount; offset += WindowsErrorReporting.LargestBlock)
        {
            // A block that was never added is refused, and that is all the removal needs to know.
            CountCall();
            if (_system.WerUnregisterExcludedMemoryBlock(address + offset) >= 0)
            {
                Interlocked.Decrement(ref _excludedBlockCount);
            }
        }
    }
}
