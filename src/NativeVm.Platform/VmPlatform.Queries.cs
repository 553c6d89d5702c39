namespace NativeVm.Platform;

public abstract partial class VmPlatform
{
    /// <summary>What the system has at an address: <c>/proc/self/maps</c>, <c>VirtualQuery</c>.</summary>
    /// <param name="address">Any address; it need not be page-aligned.</param>
    /// <param name="region">The run of pages around it that the system treats alike, a hole included.</param>
    /// <returns>Success, or a refusal: <see cref="RefusalReason.InvalidRange"/> above the address space.</returns>
    /// <remarks>Other threads may have changed it before this returns. Reads a text file on Linux: microseconds.</remarks>
    public SystemReply Query(nuint address, out RegionInfo region) => QueryCore(address, out region);

    /// <summary>How much of a range is in physical memory now: <c>mincore(2)</c>, <c>QueryWorkingSetEx</c>.</summary>
    /// <param name="address">Start of the range, all reserved or committed.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <param name="residentByteCount">Bytes that are resident; 0 when refused.</param>
    /// <returns>Success, or a refusal.</returns>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps.</exception>
    public SystemReply QueryResident(nuint address, nuint byteCount, out nuint residentByteCount)
    {
        RequireRange(address, byteCount);
        return QueryResidentCore(address, byteCount, out residentByteCount);
    }

    /// <summary>How many of the system's mappings lie in a range, in whole or in part.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <param name="count">The number of mappings; on Windows, of regions of <c>VirtualQuery</c> that are not free.</param>
    /// <returns>Success, or a refusal.</returns>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps.</exception>
    public SystemReply CountMappings(nuint address, nuint byteCount, out nuint count)
    {
        RequireRange(address, byteCount);
        return CountMappingsCore(address, byteCount, out count);
    }

    /// <summary>The figures of the whole process.</summary>
    /// <param name="memory">Resident set, its peak, mappings and page faults.</param>
    /// <returns>Success, or a refusal.</returns>
    public SystemReply QueryProcess(out ProcessMemory memory) => QueryProcessCore(out memory);

    /// <summary>Implements <see cref="Query"/>.</summary>
    /// <param name="address">Any address.</param>
    /// <param name="region">The run of pages around it.</param>
    protected abstract SystemReply QueryCore(nuint address, out RegionInfo region);

    /// <summary>Implements <see cref="QueryResident"/>; the arguments have been checked.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes.</param>
    /// <param name="residentByteCount">Bytes that are resident.</param>
    protected abstract SystemReply QueryResidentCore(nuint address, nuint byteCount, out nuint residentByteCount);

    /// <summary>Implements <see cref="CountMappings"/>; the arguments have been checked.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes.</param>
    /// <param name="count">The number of mappings.</param>
    protected abstract SystemReply CountMappingsCore(nuint address, nuint byteCount, out nuint count);

    /// <summary>Implements <see cref="QueryProcess"/>.</summary>
    /// <param name="memory">The figures.</param>
    protected abstract SystemReply QueryProcessCore(out ProcessMemory memory);
}
