namespace NativeVm.Platform;

/// <summary>What the system says of the memory of the whole process.</summary>
/// <param name="ResidentByteCount">Bytes in physical memory now.</param>
/// <param name="PeakResidentByteCount">The most that has been in physical memory since the process began.</param>
/// <param name="MappingCount">Mappings in the address space; on Windows, regions of <c>VirtualQuery</c> that are not free.</param>
/// <param name="PageFaultCount">Page faults since the process began, minor and major.</param>
public readonly record struct ProcessMemory(
    nuint ResidentByteCount, nuint PeakResidentByteCount, nuint MappingCount, ulong PageFaultCount);
