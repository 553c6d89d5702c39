using NativeVm.Tests.Support;

namespace NativeVm.Tests.Heaps;

/// <summary>Errors that kill. Each runs in a child process.</summary>
internal static unsafe class HeapScenarios
{
    public static void TouchBeyondLargeBlock(string[] arguments)
    {
        VmHeap heap = new(new VmHeapOptions { Hardening = VmHeapHardening.All });
        byte* block = (byte*)heap.Allocate(64 << 10);
        new Span<byte>(block, 64 << 10).Fill(1);
        Console.WriteLine(ChildScenarios.ReachedFault);
        Console.Out.Flush();
        block[64 << 10] = 1;
    }
}
