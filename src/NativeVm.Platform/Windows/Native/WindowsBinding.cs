using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using TerraFX.Interop.Windows;
using Api = TerraFX.Interop.Windows.Windows;

namespace NativeVm.Platform.Windows.Native;

/// <summary>
/// The calls of Windows as the platform makes them, under their own names, so that a system that is not there can take
/// its place: one with placeholders, or one that refuses. Each method is one system call of this process.
/// </summary>
/// <remarks>
/// The virtual call costs a nanosecond in front of calls of a thousand. Nothing may come between a call that failed
/// and <see cref="LastError"/>.
/// </remarks>
[SupportedOSPlatform("windows10.0")]
internal unsafe partial class WindowsBinding
{
    /// <summary>The error number of the call before, which failed.</summary>
    public virtual int LastError() => Marshal.GetLastSystemError();

    public virtual void GetSystemInfo(SYSTEM_INFO* info) => Api.GetSystemInfo(info);

    public virtual nuint GetLargePageMinimum() => Api.GetLargePageMinimum();

    public virtual bool GetNumaHighestNodeNumber(uint* node) => Objects.WindowsFiles.GetNumaHighestNodeNumber(node) != 0;

    public virtual nuint VirtualAlloc(nuint address, nuint byteCount, uint how, uint protection) =>
        (nuint)Api.VirtualAlloc((void*)address, byteCount, how, protection);

    public virtual nuint VirtualAlloc2(
        nuint address, nuint byteCount, uint how, uint protection, MEM_ADDRESS_REQUIREMENTS* requirements)
    {
        MEM_EXTENDED_PARAMETER parameter = default;
        parameter.Type = (ulong)MEM_EXTENDED_PARAMETER_TYPE.MemExtendedParameterAddressRequirements;
        parameter.Pointer = requirements;
        return (nuint)Api.VirtualAlloc2(
            Api.GetCurrentProcess(),
            (void*)address,
            byteCount,
            how,
            protection,
            requirements == null ? null : &parameter,
            requirements == null ? 0u : 1u);
    }

    public virtual bool VirtualFree(nuint address, nuint byteCount, uint how) =>
        Api.VirtualFree((void*)address, byteCount, how);

    public virtual bool VirtualProtect(nuint address, nuint byteCount, uint protection)
    {
        uint previous;
        return Api.VirtualProtect((void*)address, byteCount, protection, &previous);
    }

    public virtual bool VirtualQuery(nuint address, MEMORY_BASIC_INFORMATION* region) =>
        Api.VirtualQuery((void*)address, region, (nuint)sizeof(MEMORY_BASIC_INFORMATION)) != 0;

    public virtual bool VirtualLock(nuint address, nuint byteCount) => Api.VirtualLock((void*)address, byteCount);

    public virtual bool VirtualUnlock(nuint address, nuint byteCount) => Api.VirtualUnlock((void*)address, byteCount);

    /// <returns>0, or the error number, which is not the last one.</returns>
    public virtual int DiscardVirtualMemory(nuint address, nuint byteCount) =>
        (int)Api.DiscardVirtualMemory((void*)address, byteCount);

    public virtual bool PrefetchVirtualMemory(nuint address, nuint byteCount)
    {
        WIN32_MEMORY_RANGE_ENTRY range = default;
        range.VirtualAddress = (void*)address;
        range.NumberOfBytes = byteCount;
        return Api.PrefetchVirtualMemory(Api.GetCurrentProcess(), 1, &range, 0);
    }

    public virtual bool QueryWorkingSetEx(PSAPI_WORKING_SET_EX_INFORMATION* pages, int count) =>
        Api.K32QueryWorkingSetEx(
            Api.GetCurrentProcess(), pages, (uint)(count * sizeof(PSAPI_WORKING_SET_EX_INFORMATION)));

    public virtual bool GetProcessMemoryInfo(PROCESS_MEMORY_COUNTERS* counters)
    {
        counters->cb = (uint)sizeof(PROCESS_MEMORY_COUNTERS);
        return Api.K32GetProcessMemoryInfo(Api.GetCurrentProcess(), counters, counters->cb);
    }

    /// <returns>An HRESULT, negative when it refuses.</returns>
    public virtual int WerRegisterExcludedMemoryBlock(nuint address, uint byteCount) =>
        WindowsErrorReporting.WerRegisterExcludedMemoryBlock((void*)address, byteCount);

    /// <returns>An HRESULT, negative when it refuses.</returns>
    public virtual int WerUnregisterExcludedMemoryBlock(nuint address) =>
        WindowsErrorReporting.WerUnregisterExcludedMemoryBlock((void*)address);
}
