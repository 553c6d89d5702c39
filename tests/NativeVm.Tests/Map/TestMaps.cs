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
}
