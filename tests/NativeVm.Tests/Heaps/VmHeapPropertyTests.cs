using FsCheck;
using FsCheck.Fluent;

namespace NativeVm.Tests.Heaps;

/// <summary>Any sequence of sizes and frees, shrunk to a short one where it fails.</summary>
public sealed unsafe class VmHeapPropertyTests
{
    [Theory]
    [InlineData(VmHeapHardening.None)]
    [InlineData(VmHeapHardening.All)]
    public void Any_sequence_keeps_blocks_apart(VmHeapHardening hardening) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), numbers => Run(numbers, hardening))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(300));

    private static bool Run(int[] numbers, VmHeapHardening hardening)
    {
        using VmHeap heap = new(new VmHeapOptions { Hardening = hardening });
        using HeapModel model = new(heap, 1);
        foreach (int number in numbers)
        {
            int size = Math.Abs(number % 1_000);
            switch (((number % 4) + 4) % 4)
            {
                case 0 when model.Count > 0:
                    model.Free(size % model.Count);
                    break;
                case 1 when model.Count > 0:
                    model.Resize(size % model.Count, (nuint)(size * size));
                    break;
                default:
                    model.Allocate((nuint)(size * 11), 1 << (size % 9), isZeroed: false);
                    break;
            }
        }

        model.VerifyAll();
        return true;
    }
}
