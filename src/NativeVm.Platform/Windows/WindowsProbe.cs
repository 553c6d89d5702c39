using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using NativeVm.Platform.Windows.Native;
using NativeVm.Platform.Windows.Objects;
using TerraFX.Interop.Windows;
using static TerraFX.Interop.Windows.ERROR;
using static TerraFX.Interop.Windows.MEM;
using static TerraFX.Interop.Windows.PAGE;

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
    /// <param name="system">The system to be tried.</param>
    /// <param name="granularity">The allocation granularity in bytes.</param>
    public static WindowsFeatures Run(WindowsBinding system, nuint granularity)
    {
        WindowsFeatures features = WindowsFeatures.None;
        Add(system, ref features, WindowsFeatures.LowestAddress, granularity, &HeedsLowestAddress);
        Add(system, ref features, WindowsFeatures.HighestAddress, granularity, &HeedsHighestAddress);
        Add(system, ref features, WindowsFeatures.Alignment, granularity, &HeedsAlignment);
        Add(system, ref features, WindowsFeatures.Placeholders, granularity, &HasPlaceholders);
        Add(system, ref features, WindowsFeatures.Discard, granularity, &CanDiscard);
        Add(system, ref features, WindowsFeatures.Prefetch, granularity, &CanPrefetch);
        Add(system, ref features, WindowsFeatures.ExcludedMemoryBlocks, granularity, &CanExcludeFromDumps);
        Add(system, ref features, WindowsFeatures.Sections, granularity, &HasSections);
        if ((features & WindowsFeatures.Placeholders) != 0)
        {
            Add(system, ref features, WindowsFeatures.LargePages, system.GetLargePageMinimum(), &HasLargePages);
        }

        return features;
    }

    private static void Add(
        WindowsBinding system,
        ref WindowsFeatures features,
        WindowsFeatures feature,
        nuint granularity,
        delegate*<WindowsBinding, nuint, bool> attempt)
    {
        try
        {
            if (attempt(system, granularity))
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

    private static bool HeedsLowestAddress(WindowsBinding system, nuint granularity)
    {
        nuint address = ReserveWhere(system, granularity, FarAddress, FarAddress + FarWindow, 0);
        return ReleaseAndTest(system, address, address >= FarAddress && address < FarAddress + FarWindow);
    }

    private static bool HeedsHighestAddress(WindowsBinding system, nuint granularity)
    {
        nuint address = ReserveWhere(system, granularity, 0, NearLimit, 0);
        return ReleaseAndTest(system, address, address != 0 && address <= NearLimit - granularity);
    }

    private static bool HeedsAlignment(WindowsBinding system, nuint granularity)
    {
        nuint address = ReserveWhere(system, granularity, 0, 0, LargeAlignment);
        return ReleaseAndTest(system, address, address != 0 && (address & (LargeAlignment - 1)) == 0);
    }

    /// <summary>Asks <c>VirtualAlloc2</c> for a reservation.</summary>
    /// <param name="system">The system.</param>
    /// <param name="byteCount">Its length in bytes.</param>
    /// <param name="lowest">The lowest address, a multiple of the granularity, or 0 for no bound.</param>
    /// <param name="highest">The first address above, a multiple of the granularity, or 0 for no bound.</param>
    /// <param name="alignment">A power of two of at least the granularity, in bytes, or 0 for the granularity.</param>
    /// <returns>The address, which need not be where it was wanted, or 0.</returns>
    public static nuint ReserveWhere(
        WindowsBinding system, nuint byteCount, nuint lowest, nuint highest, nuint alignment)
    {
        // The highest address is that of the last byte, hence one less than a multiple of the granularity.
        MEM_ADDRESS_REQUIREMENTS requirements = default;
        requirements.LowestStartingAddress = (void*)lowest;
        requirements.HighestEndingAddress = (void*)(highest == 0 ? 0 : highest - 1);
        requirements.Alignment = alignment;
        return system.VirtualAlloc2(0, byteCount, MEM_RESERVE, PAGE_NOACCESS, &requirements);
    }

    private static bool HasPlaceholders(WindowsBinding system, nuint granularity)
    {
        // One placeholder of two granules, split in two, the lower one replaced by memory: all that they are for.
        nuint lower = system.VirtualAlloc2(
            0, 2 * granularity, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, null);
        if (lower == 0)
        {
            return false;
        }

        if (!system.VirtualFree(lower, granularity, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER))
        {
            _ = system.VirtualFree(lower, 0, MEM_RELEASE);
            return false;
        }

        nuint replaced = system.VirtualAlloc2(
            lower, granularity, MEM_RESERVE | MEM_COMMIT | MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE, null);
        _ = system.VirtualFree(lower, 0, MEM_RELEASE);
        _ = system.VirtualFree(lower + granularity, 0, MEM_RELEASE);
        return replaced == lower;
    }

    private static bool HasSections(WindowsBinding system, nuint granularity)
    {
        // Two views of one section: what is written to one is read from the other.
        nint section = system.CreateFileMapping(WindowsFiles.InvalidHandle, PAGE_EXECUTE_READWRITE, granularity);
        if (section == 0)
        {
            return false;
        }

        const uint ReadWrite = WindowsFiles.MapRead | WindowsFiles.MapWrite;
        nuint one = system.MapViewOfFile(section, ReadWrite, 0, granularity, 0);
        nuint other = system.MapViewOfFile(section, ReadWrite, 0, granularity, 0);
        bool works = one != 0 && other != 0;
        if (works)
        {
            *(byte*)one = 1;
            works = *(byte*)other == 1;
        }

        works &= one == 0 || system.UnmapViewOfFile(one);
        works &= other == 0 || system.UnmapViewOfFile(other);
        return system.CloseHandle(section) && works;
    }

    private static bool HasLargePages(WindowsBinding system, nuint largePage)
    {
        if (largePage == 0)
        {
            return false;
        }

        nuint page = system.VirtualAlloc(0, largePage, MEM_RESERVE | MEM_COMMIT | MEM_LARGE_PAGES, PAGE_READWRITE);
        return ReleaseAndTest(system, page, page != 0);
    }

    private static bool CanDiscard(WindowsBinding system, nuint granularity) =>
        TryOnPage(system, granularity, &Discards);

    private static bool CanPrefetch(WindowsBinding system, nuint granularity) =>
        TryOnPage(system, granularity, &Prefetches);

    private static bool CanExcludeFromDumps(WindowsBinding system, nuint granularity) =>
        TryOnPage(system, granularity, &Excludes);

    // Usable afterwards is part of what is needed: the page must take a new value and keep it.
    private static bool Discards(WindowsBinding system, nuint page, nuint byteCount)
    {
        bool discards = system.DiscardVirtualMemory(page, byteCount) == ERROR_SUCCESS && !IsResident(system, (void*)page);
        *(byte*)page = 2;
        return discards && *(byte*)page == 2;
    }

    private static bool Prefetches(WindowsBinding system, nuint page, nuint byteCount) =>
        system.PrefetchVirtualMemory(page, byteCount);

    private static bool Excludes(WindowsBinding system, nuint page, nuint byteCount) =>
        system.WerRegisterExcludedMemoryBlock(page, (uint)byteCount) >= 0 && system.WerUnregisterExcludedMemoryBlock(page) >= 0;

    /// <summary>Tries something on committed pages, which go afterwards whatever comes of it.</summary>
    private static bool TryOnPage(
        WindowsBinding system, nuint byteCount, delegate*<WindowsBinding, nuint, nuint, bool> attempt)
    {
        nuint page = system.VirtualAlloc(0, byteCount, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        if (page == 0)
        {
            return false;
        }

        try
        {
            *(byte*)page = 1;
            return attempt(system, page, byteCount);
        }
        finally
        {
            _ = system.VirtualFree(page, 0, MEM_RELEASE);
        }
    }

    private static bool IsResident(WindowsBinding system, void* page)
    {
        PSAPI_WORKING_SET_EX_INFORMATION information = default;
        information.VirtualAddress = page;
        return system.QueryWorkingSetEx(&information, 1)
            && information.VirtualAttributes.Valid != 0;
    }

    private static bool ReleaseAndTest(WindowsBinding system, nuint address, bool result)
    {
        if (address != 0)
        {
            _ = system.VirtualFree(address, 0, MEM_RELEASE);
        }

        return result;
    }
}
