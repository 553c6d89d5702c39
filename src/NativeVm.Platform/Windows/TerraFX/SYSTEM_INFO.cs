namespace TerraFX.Interop.Windows;

#pragma warning disable CS0649 // The system fills the fields.

/// <summary>Page size, granularity and the bounds of the address space.</summary>
internal unsafe struct SYSTEM_INFO
{
    public uint dwOemId;
    public uint dwPageSize;
    public void* lpMinimumApplicationAddress;
    public void* lpMaximumApplicationAddress;
    public nuint dwActiveProcessorMask;
    public uint dwNumberOfProcessors;
    public uint dwProcessorType;
    public uint dwAllocationGranularity;
    public ushort wProcessorLevel;
    public ushort wProcessorRevision;
}
