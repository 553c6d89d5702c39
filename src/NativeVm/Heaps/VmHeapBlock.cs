namespace NativeVm;

/// <summary>A block in use.</summary>
/// <param name="Address">Its first byte.</param>
/// <param name="ByteCount">Its usable bytes.</param>
public readonly record struct VmHeapBlock(nuint Address, nuint ByteCount);
