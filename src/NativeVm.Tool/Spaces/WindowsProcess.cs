using System.Runtime.InteropServices;
using NativeVm.Tool.Commands;
using NativeVm.Tool.Interop;
using NativeVm.Tool.Traces;

namespace NativeVm.Tool.Spaces;

/// <summary>A process of Windows, seen through <c>VirtualQueryEx</c> and <c>QueryWorkingSetEx</c>.</summary>
internal sealed unsafe class WindowsProcess(int processId) : ISpaceSource
{
    private const int ErrorAccessDenied = 5;
    private const uint StillActive = 259;
    private const ulong PageSize = 4096;
    private const int BatchCount = 512;
    private bool _isSeen;

    /// <inheritdoc/>
    public bool IsLive => true;

    /// <inheritdoc/>
    public AddressSpace? TryRead()
    {
        bool isSelf = processId == Environment.ProcessId;
        nint process = isSelf
            ? WindowsProcessMemory.Current()
            : WindowsProcessMemory.Open(WindowsProcessMemory.QueryAndRead, 0, processId);
        if (process == 0)
        {
            return Marshal.GetLastPInvokeError() == ErrorAccessDenied
                ? throw ToolException.Failure(
                    $"process {processId} may not be read: access denied; look at it as its owner or as an administrator.")
                : _isSeen ? null : throw ToolException.BadInput($"there is no process {processId}.");
        }

        try
        {
            bool hasEnded = WindowsProcessMemory.ExitCode(process, out uint exitCode) != 0 && exitCode != StillActive;
            _isSeen = true;
            return hasEnded && !isSelf ? null : new AddressSpace($"process {processId}", Regions(process), HasResidency: true);
        }
        finally
        {
            if (!isSelf)
            {
                _ = WindowsProcessMemory.Close(process);
            }
        }
    }

    private static List<SpaceRegion> Regions(nint process)
    {
        List<SpaceRegion> regions = [];
        WindowsProcessMemory.Region region = default;
        nuint size = (nuint)sizeof(WindowsProcessMemory.Region);
        for (nuint address = 0;
            WindowsProcessMemory.Query(process, address, &region, size) != 0 && region.Address + region.ByteCount > address;
            address = region.Address + region.ByteCount)
        {
            if (region.State != WindowsProcessMemory.StateFree)
            {
                regions.Add(Measure(process, region));
            }
        }

        return regions;
    }

    private static SpaceRegion Measure(nint process, in WindowsProcessMemory.Region region)
    {
        bool isCommitted = region.State == WindowsProcessMemory.StateCommitted;
        bool isFile = (region.Type & (WindowsProcessMemory.TypeImage | WindowsProcessMemory.TypeMapped)) != 0;
        SpaceRegion measured = new(
            region.Address,
            region.Address + region.ByteCount,
            isCommitted ? Access(region.Protection) : TraceProtection.None)
        {
            IsShared = isFile,
            Name = isFile ? WindowsProcessMemory.FileName(process, region.Address) : string.Empty,
        };
        return isCommitted ? CountPages(process, measured) : measured;
    }

    private static SpaceRegion CountPages(nint process, SpaceRegion region)
    {
        WindowsProcessMemory.Page* pages = stackalloc WindowsProcessMemory.Page[BatchCount];
        ulong resident = 0;
        ulong dirty = 0;
        ulong huge = 0;
        ulong locked = 0;
        for (ulong address = region.Start; address < region.End;)
        {
            uint count = (uint)Math.Min((region.End - address) / PageSize, BatchCount);
            for (uint i = 0; i < count; i++)
            {
                pages[i] = new WindowsProcessMemory.Page { Address = (nuint)(address + (i * PageSize)) };
            }

            if (WindowsProcessMemory.QueryPages(process, pages, count * (uint)sizeof(WindowsProcessMemory.Page)) == 0)
            {
                break;
            }

            for (uint i = 0; i < count; i++)
            {
                resident += pages[i].IsResident ? PageSize : 0;
                dirty += pages[i].IsPrivate ? PageSize : 0;
                huge += pages[i].IsLarge ? PageSize : 0;
                locked += pages[i].IsLocked ? PageSize : 0;
            }

            address += count * PageSize;
        }

        return region with { Resident = resident, PrivateDirty = dirty, Huge = huge, Locked = locked };
    }

    // The low byte of the protection is one of eight, each a bit: no access, three without and four with execution.
    private static TraceProtection Access(uint protection) => (protection & WindowsProcessMemory.PageGuard) != 0
        ? TraceProtection.None
        : (protection & 0xff) switch
        {
            0x02 => TraceProtection.Read,
            0x04 or 0x08 => TraceProtection.Read | TraceProtection.Write,
            0x10 => TraceProtection.Execute,
            0x20 => TraceProtection.Read | TraceProtection.Execute,
            0x40 or 0x80 => TraceProtection.Read | TraceProtection.Write | TraceProtection.Execute,
            _ => TraceProtection.None,
        };
}
