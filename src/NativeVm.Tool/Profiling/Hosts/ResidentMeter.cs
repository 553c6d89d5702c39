using NativeVm.Platform;

namespace NativeVm.Tool.Profiling.Hosts;

/// <summary>How much the resident set of this process grew at most since a moment.</summary>
internal sealed class ResidentMeter
{
    // Linux: proc(5), clear_refs: 5 sets the peak of the resident set to what it is now.
    private const string ClearReferences = "/proc/self/clear_refs";
    private const string ResetPeak = "5";

    private readonly nuint _start;

    private ResidentMeter(nuint start) => _start = start;

    /// <summary>The growth in bytes; null where the system does not tell.</summary>
    public ulong? Growth => VmPlatform.Current.QueryProcess(out ProcessMemory memory).IsSuccess
        ? memory.PeakResidentByteCount > _start ? memory.PeakResidentByteCount - _start : 0
        : null;

    /// <summary>Begins at this moment; null where the peak of the process cannot be taken from here on.</summary>
    public static ResidentMeter? Start()
    {
        try
        {
            File.WriteAllText(ClearReferences, ResetPeak);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return VmPlatform.Current.QueryProcess(out ProcessMemory memory).IsSuccess
            ? new ResidentMeter(memory.ResidentByteCount)
            : null;
    }
}
