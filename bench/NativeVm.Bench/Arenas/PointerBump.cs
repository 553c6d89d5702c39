using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NativeVm.Bench.Arenas;

/// <summary>The bump allocator that one would write by hand: a pointer, an end, no growth, nothing cleared.</summary>
internal sealed unsafe class PointerBump : IDisposable
{
    private readonly byte* _start;
    private readonly byte* _end;
    private byte* _next;

    public PointerBump(nuint byteCount)
    {
        _start = _next = (byte*)NativeMemory.AllocZeroed(byteCount);
        _end = _start + byteCount;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Allocate(nuint byteCount)
    {
        byte* result = _next;
        byte* next = result + ((byteCount + 7) & ~(nuint)7);
        if (next > _end)
        {
            ThrowFull();
        }

        _next = next;
        return result;
    }

    public void Reset() => _next = _start;

    public void Dispose() => NativeMemory.Free(_start);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowFull() => throw new InsufficientMemoryException("The buffer is full.");
}
