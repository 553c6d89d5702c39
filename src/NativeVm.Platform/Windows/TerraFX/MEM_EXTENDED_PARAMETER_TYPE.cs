namespace TerraFX.Interop.Windows;

/// <summary>What a <see cref="MEM_EXTENDED_PARAMETER"/> carries.</summary>
internal enum MEM_EXTENDED_PARAMETER_TYPE
{
    MemExtendedParameterInvalidType = 0,
    MemExtendedParameterAddressRequirements = 1,
}
