using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Map;

/// <summary>Maps to test with.</summary>
internal static class TestMaps
{
    public const nuint Page = 4096;

    /// <summary>A simulated system whose address space is all that 64 bits can say.</summary>
    public static SimulatedPlatform WholeSpace(nuint pageSize = Page) => new(new SimulatedPlatformOptions
    {
        PageSize = pageSize,
        LowestAddress = 0,
        HighestAddress = unchecked(0 - pageSize),
    });

    public static VmMap Simulated(VmPlatform platform, nuint address, int pageCount, int maxPageCount = 0) => new(new VmMapOptions
    {
        ByteCount = (nuint)pageCount * platform.PageSize,
        MaxByteCount = (nuint)maxPageCount * platform.PageSize,
        IsGrowable = maxPageCount != 0,
        Placement = Placement.At(address),
        Platform = platform,
    });

    /// <summary>A map of real pages.</summary>
    public static VmMap Real(nuint byteCount, nuint maxByteCount = 0) => new(new VmMapOptions
    {
        ByteCount = byteCount,
        MaxByteCount = maxByteCount,
        IsGrowable = maxByteCount != 0,
    });

    public static VmEntryAttributes Tagged(ulong tag) => VmEntryAttributes.Reserved with { Tag = tag };

    /// <summary>Reserves a range and hands it to a submap.</summary>
    public static VmResult CreateSubmapAt(this VmMap map, nuint start, nuint byteCount, out VmMap submap)
    {
        VmResult result = map.FindFixed(start, byteCount, VmEntryAttributes.Reserved);
        VmMap? child = null;
        result = result.IsSuccess ? map.CreateSubmap(start, byteCount, out child) : result;
        submap = child!;
        return result;
    }

    /// <summary>Fills part of a system's cap on mappings with somebody else's.</summary>
    public static void PlaceForeignPages(this SimulatedPlatform platform, nuint address, nuint count)
    {
        for (nuint i = 0; i < count; i++)
        {
            platform.PlaceForeign(address + (2 * i * platform.PageSize), platform.PageSize);
        }
    }
}
