namespace TerraFX.Interop.Windows;

#pragma warning disable CS0649 // The system fills the fields.

/// <summary>One region of <c>VirtualQuery</c>.</summary>
internal unsafe struct MEMORY_BASIC_INFORMATION
{
    public void* BaseAddress;
    public void* AllocationBase;
    public uint AllocationProtect;
    public ushort PartitionId;
    public nuint RegionSize;
    public uint State;
    public uint Protect;
    public uint Type;
}
