using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using NativeVm.Platform.Windows.Objects;
using TerraFX.Interop.Windows;
using static TerraFX.Interop.Windows.ERROR;
using static TerraFX.Interop.Windows.MEM;
using static TerraFX.Interop.Windows.PAGE;
using static TerraFX.Interop.Windows.Windows;

namespace NativeVm.Platform.Windows;

/// <summary>
/// Finds out what this version of Windows can do by doing it once on a few pages of our own. A function may be
/// missing, may be there and refuse, or may say success and ignore what it was asked, so the effect is looked at.
/// </summary>
[SupportedOSPlatform("windows10.0")]
internal static unsafe class WindowsProbe
{
    // Far from where the system places things by itself, so that a result inside bounds is no coincidence.
    private static nuint FarAddress => (nuint)1 << 45;
    private static nuint FarWindow => (nuint)1 << 32;
    private static nuint NearLimit => (nuint)1 << 31;
    private static nuint LargeAlignment => (nuint)1 << 32;

    /// <summary>Tries everything once.</summary>
    /// <param name="granularity">The allocation granularity in bytes.</param>
    public static WindowsFeatures Run(nuint granularity)
    {
        WindowsFeatures features = WindowsFeatures.None;
        Add(ref features, WindowsFeatures.LowestAddress, granularity, &HeedsLowestAddress);
        Add(ref features, WindowsFeatures.HighestAddress, granularity, &HeedsHighestAddress);
        Add(ref features, WindowsFeatures.Alignment, granularity, &HeedsAlignment);
        Add(ref features, WindowsFeatures.Placeholders, granularity, &HasPlaceholders);
        Add(ref features, WindowsFeatures.Discard, granularity, &CanDiscard);
        Add(ref features, WindowsFeatures.Prefetch, granularity, &CanPrefetch);
        Add(ref features, WindowsFeatures.ExcludedMemoryBlocks, granularity, &CanExcludeFromDumps);
        Add(ref features, WindowsFeatures.Sections, granularity, &HasSections);
        if ((features & WindowsFeatures.Placeholders) != 0)
        {
            Add(ref features, WindowsFeatures.LargePages, GetLargePageMinimum(), &HasLargePages);
        }

        return features;
    }

    private static void Add(
        ref WindowsFeatures features, WindowsFeatures feature, nuint granularity, delegate*<nuint, bool> attempt)
    {
        try
        {
            if (attempt(granularity))
            {
                features |= feature;
            }
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException or SEHException)
        {
            // The function is not there; Wine raises a structured exception for one that it only knows by name.
            features &= ~feature;
        }
    }

    private static bool HeedsLowestAddress(nuint granularity)
    {
        nuint address = ReserveWhere(granularity, FarAddress, FarAddress + FarWindow, 0);
        return ReleaseAndTest(address, address >= FarAddress && address < FarAddress + FarWindow);
    }

    private static bool HeedsHighestAddress(nuint granularity)
    {
        nuint address = ReserveWhere(granularity, 0, NearLimit, 0);
        return ReleaseAndTest(address, address != 0 && address <= NearLimit - granularity);
    }

    private static bool HeedsAlignment(nuint granularity)
    {
        nuint address = ReserveWhere(granularity, 0, 0, LargeAlignment);
        return ReleaseAndTest(address, address != 0 && (address & (LargeAlignment - 1)) == 0);
    }

    /// <summary>Asks <c>VirtualAlloc2</c> for a reservation.</summary>
    /// <param name="byteCount">Its length in bytes.</param>
    /// <param name="lowest">The lowest address, a multiple of the granularity, or 0 for no bound.</param>
    /// <param name="highest">The first address above, a multiple of the granularity, or 0 for no bound.</param>
    /// <param name="alignment">A power of two of at least the granularity, in bytes, or 0 for the granularity.</param>
    /// <returns>The address, which need not be where it was wanted, or 0.</returns>
    public static nuint ReserveWhere(nuint byteCount, nuint lowest, nuint highest, nuint alignment)
    {
        // The highest address is that of the last byte, hence one less than a multiple of the granularity.
        MEM_ADDRESS_REQUIREMENTS requirements = default;
        requirements.LowestStartingAddress = (void*)lowest;
        requirements.HighestEndingAddress = (void*)(highest == 0 ? 0 : highest - 1);
        requirements.Alignment = alignment;
        MEM_EXTENDED_PARAMETER parameter = default;
        parameter.Type = (ulong)MEM_EXTENDED_PARAMETER_TYPE.MemExtendedParameterAddressRequirements;
        parameter.Pointer = &requirements;
        return (nuint)VirtualAlloc2(
            GetCurrentProcess(), null, byteCount, MEM_RESERVE, PAGE_NOACCESS, &parameter, 1);
    }

    private static bool HasPlaceholders(nuint granularity)
    {
        // One placeholder of two granules, split in two, the lower one replaced by memory: all that they are for.
        byte* lower = (byte*)VirtualAlloc2(
            GetCurrentProcess(), null, 2 * granularity, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, null, 0);
        if (lower == null)
        {
            return false;
        }

        if (!VirtualFree(lower, granularity, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER))
        {
            _ = VirtualFree(lower, 0, MEM_RELEASE);
            return false;
        }

        void* replaced = VirtualAlloc2(
            GetCurrentProcess(),
            lower,
            granularity,
            MEM_RESERVE | MEM_COMMIT | MEM_REPLACE_PLACEHOLDER,
            PAGE_READWRITE,
            null,
            0);
        _ = VirtualFree(lower, 0, MEM_RELEASE);
        _ = VirtualFree(lower + granularity, 0, MEM_RELEASE);
        return replaced == lower;
    }

    private static bool HasSections(nuint granularity)
    {
        // Two views of one section: what is written to one is read from the other.
        nint section = WindowsFiles.CreateFileMappingW(
            WindowsFiles.InvalidHandle, null, PAGE_EXECUTE_READWRITE, 0, (uint)granularity, null);
        if (section == 0)
        {
            return false;
        }

        const uint ReadWrite = WindowsFiles.MapRead | WindowsFiles.MapWrite;
        nuint one = WindowsFiles.MapViewOfFileEx(section, ReadWrite, 0, 0, granularity, 0);
        nuint other = WindowsFiles.MapViewOfFileEx(section, ReadWrite, 0, 0, granularity, 0);
        bool works = one != 0 && other != 0;
        if (works)
        {
            *(byte*)one = 1;
            works = *(byte*)other == 1;
        }

        works &= one == 0 || WindowsFiles.UnmapViewOfFile(one) != 0;
        works &= other == 0 || WindowsFiles.UnmapViewOfFile(other) != 0;
        return WindowsFiles.CloseHandle(section) != 0 && works;
    }

    private static bool HasLargePages(nuint largePage)
    {
        if (largePage == 0)
        {
            return false;
        }

        nuint page = (nuint)VirtualAlloc(null, largePage, MEM_RESERVE | MEM_COMMIT | MEM_LARGE_PAGES, PAGE_READWRITE);
        return ReleaseAndTest(page, page != 0);
    }

    private static bool CanDiscard(nuint granularity)
    {
        byte* page = CommitAndTouch(granularity);
        if (page == null)
        {
            return false;
        }

        // Usable afterwards is part of what is needed: the page must take a new value and keep it.
        bool discards = DiscardVirtualMemory(page, granularity) == ERROR_SUCCESS && !IsResident(page);
        *page = 2;
        discards &= *page == 2;
        return ReleaseAndTest((nuint)page, discards);
    }

    private static bool CanPrefetch(nuint granularity)
    {
        byte* page = CommitAndTouch(granularity);
        if (page == null)
        {
            return false;
        }

        WIN32_MEMORY_RANGE_ENTRY range = default;
        range.VirtualAddress = page;
        range.NumberOfBytes = granularity;
        return ReleaseAndTest((nuint)page, PrefetchVirtualMemory(GetCurrentProcess(), 1, &range, 0));
    }

    private static bool CanExcludeFromDumps(nuint granularity)
    {
        byte* page = CommitAndTouch(granularity);
        if (page == null)
        {
            return false;
        }

        bool excludes = WindowsErrorReporting.WerRegisterExcludedMemoryBlock(page, (uint)granularity) >= 0
            && WindowsErrorReporting.WerUnregisterExcludedMemoryBlock(page) >= 0;
        return ReleaseAndTest((nuint)page, excludes);
    }

    private static byte* CommitAndTouch(nuint byteCount)
    {
        byte* page = (byte*)VirtualAlloc(null, byteCount, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        if (page != null)
        {
            *page = 1;
        }

        return page;
    }

    private static bool IsResident(void* page)
    {
        PSAPI_WORKING_SET_EX_INFORMATION information = default;
        information.VirtualAddress = page;
        return K32QueryWorkingSetEx(GetCurrentProcess(), &information, (uint)sizeof(PSAPI_WORKING_SET_EX_INFORMATION))
            && information.VirtualAttributes.Valid != 0;
    }

    private static bool ReleaseAndTest(nuint address, bool result)
    {
        if (address != 0)
        {
            _ = VirtualFree((void*)address, 0, MEM_RELEASE);
        }

        return result;
    }
}
