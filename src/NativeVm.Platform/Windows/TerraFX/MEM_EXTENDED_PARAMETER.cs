namespace TerraFX.Interop.Windows;

/// <summary>A further argument of <c>VirtualAlloc2</c>: a type in the low byte, then a value of eight bytes.</summary>
internal unsafe struct MEM_EXTENDED_PARAMETER
{
    private const ulong TypeMask = 0xFF;

    private ulong _typeAndReserved;
    private ulong _value;

    public ulong Type
    {
        readonly get => _typeAndReserved & TypeMask;
        set => _typeAndReserved = (_typeAndReserved & ~TypeMask) | (value & TypeMask);
    }

    public void* Pointer
    {
        readonly get => (void*)_value;
        set => _value = (ulong)value;
    }
}
