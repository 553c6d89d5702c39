namespace TerraFX.Interop.Windows;

#pragma warning disable CS0649 // The system fills the fields.

/// <summary>The memory figures of a process. <see cref="cb"/> is the size of this structure in bytes.</summary>
internal struct PROCESS_MEMORY_COUNTERS
{
    public uint cb;
    public uint PageFaultCount;
    public nuint PeakWorkingSetSize;
    public nuint WorkingSetSize;
    public nuint QuotaPeakPagedPoolUsage;
    public nuint QuotaPagedPoolUsage;
    public nuint QuotaPeakNonPagedPoolUsage;
    public nuint QuotaNonPagedPoolUsage;
    public nuint PagefileUsage;
    public nuint PeakPagefileUsage;
}
