using NativeVm.Platform.Posix.Native;
using NativeVm.Platform.Posix.Proc;

namespace NativeVm.Platform.Posix;

internal sealed partial class PosixPlatform
{
    /// <inheritdoc/>
    protected override SystemReply QueryCore(nuint address, out RegionInfo region)
    {
        region = default;
        if (address >= HighestAddress)
        {
            return Refused(SystemOperation.Query, address, 0, RefusalReason.InvalidRange, ErrorNumbers.Invalid);
        }

        if (!IsLinux)
        {
            return Refused(SystemOperation.Query, address, 0, RefusalReason.NotSupported, ErrorNumbers.NotSupported);
        }

        nuint holeStart = 0;
        nuint holeEnd = HighestAddress;
        bool found = false;
        var reader = new ProcMapsReader(_binding, stackalloc byte[ProcMapsReader.BufferSize]);
        while (!found && reader.MoveNext())
        {
            ProcMapping mapping = reader.Current;
            if (mapping.Start > address)
            {
                holeEnd = nuint.Min(mapping.Start, HighestAddress);
                break;
            }

            found = mapping.End > address;
            if (found)
            {
                region = new(mapping.Start, mapping.End - mapping.Start, mapping.State, mapping.Protection);
            }

            holeStart = mapping.End;
        }

        reader.Dispose();
        if (reader.Error != 0)
        {
            region = default;
            return Reply(SystemOperation.Query, address, 0, reader.Error);
        }

        if (!found)
        {
            region = new(holeStart, holeEnd - holeStart, PageState.Free, PageProtection.None);
        }

        return SystemReply.Success;
    }

    /// <inheritdoc/>
    protected override SystemReply CountMappingsCore(nuint address, nuint byteCount, out nuint count)
    {
        count = 0;
        if (!IsLinux)
        {
            return Refused(
                SystemOperation.CountMappings, address, byteCount, RefusalReason.NotSupported, ErrorNumbers.NotSupported);
        }

        int error = CountInclusive(address, address + (byteCount - 1), out nuint found);
        count = error == 0 ? found : 0;
        return Reply(SystemOperation.CountMappings, address, byteCount, error);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Linux: <c>/proc/self/status</c>, <c>getrusage</c> and <c>/proc/self/maps</c>. Elsewhere the number of mappings is
    /// not known and 0.
    /// </remarks>
    protected override SystemReply QueryProcessCore(out ProcessMemory memory)
    {
        memory = default;
        int error = _binding.Usage(out nuint peak, out ulong faults);
        nuint resident;
        nuint mappings = 0;
        if (IsLinux)
        {
            // Not the peak of getrusage: that one survives exec, and is then another program's.
            Span<byte> buffer = stackalloc byte[SystemFile.BufferSize];
            ReadOnlySpan<byte> status = SystemFile.Read(_binding, "/proc/self/status\0"u8, buffer);
            resident = (nuint)SystemFile.Labelled(status, "VmRSS:"u8) * 1024;
            peak = (nuint)SystemFile.Labelled(status, "VmHWM:"u8) * 1024;
            error = error != 0 ? error : CountInclusive(0, HighestAddress - 1, out mappings);
        }
        else
        {
            resident = (nuint)Environment.WorkingSet;
        }

        if (error != 0)
        {
            return Reply(SystemOperation.QueryProcess, 0, 0, error);
        }

        memory = new(resident, nuint.Max(peak, resident), mappings, faults);
        return SystemReply.Success;
    }

    /// <summary>The mappings that have a byte in <c>[first, last]</c>.</summary>
    private int CountInclusive(nuint first, nuint last, out nuint count)
    {
        count = 0;
        var reader = new ProcMapsReader(_binding, stackalloc byte[ProcMapsReader.BufferSize]);
        while (reader.MoveNext() && reader.Current.Start <= last)
        {
            count += reader.Current.End > first ? 1u : 0u;
        }

        reader.Dispose();
        return reader.Error;
    }
}
