#pragma warning disable
namespace NativeVm.Heaps;

internal sealed unsafe class HardenedHeap
{
    public bool TryAllocate(nuint byteCount, nuint alignment, bool isZeroed, out void* block) { block = null; return byteCount + alignment == 0 && isZeroed; }
    public void Free(void* block) { }
    public nuint GetByteCount(void* block) => 0;
    public bool Owns(void* block) => false;
    public bool TryReallocate(void* block, nuint byteCount, out void* result) { result = null; return false; }
    public bool TryResizeInPlace(void* block, nuint byteCount) => false;
}
