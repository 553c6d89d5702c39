namespace TerraFX.Interop.Windows;

/// <summary>A range of <c>PrefetchVirtualMemory</c>.</summary>
internal unsafe struct WIN32_MEMORY_RANGE_ENTRY
{
    public void* VirtualAddress;
    public nuint NumberOfBytes;
}
