namespace TerraFX.Interop.Windows;

#pragma warning disable CS0649 // The system fills the field.

/// <summary>What <c>QueryWorkingSetEx</c> says of one page: bit 0, resident; bit 22, locked; and more.</summary>
internal struct PSAPI_WORKING_SET_EX_BLOCK
{
    public nuint Flags;

    public readonly nuint Valid => Flags & 1;

    public readonly nuint Locked => (Flags >> 22) & 1;
}
