namespace TerraFX.Interop.Windows;

#pragma warning disable CS0649 // The system fills the attributes.

/// <summary>One page of <c>QueryWorkingSetEx</c>: the address goes in, the attributes come out.</summary>
internal unsafe struct PSAPI_WORKING_SET_EX_INFORMATION
{
    public void* VirtualAddress;
    public PSAPI_WORKING_SET_EX_BLOCK VirtualAttributes;
}
