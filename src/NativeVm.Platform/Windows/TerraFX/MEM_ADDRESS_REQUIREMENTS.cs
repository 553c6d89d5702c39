namespace TerraFX.Interop.Windows;

/// <summary>Where <c>VirtualAlloc2</c> may place a range. The highest address is that of the last byte.</summary>
internal unsafe struct MEM_ADDRESS_REQUIREMENTS
{
    public void* LowestStartingAddress;
    public void* HighestEndingAddress;
    public nuint Alignment;
}
