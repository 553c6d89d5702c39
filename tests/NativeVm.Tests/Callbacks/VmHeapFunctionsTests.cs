using System.Runtime.InteropServices;
using NativeVm.Tests.Diagnostics;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Callbacks;

[Collection(nameof(BoundHeapTests))]
public sealed unsafe class VmHeapFunctionsTests : IDisposable
{
    private readonly VmHeap _heap = new(new VmHeapOptions { Name = "functions", MemoryLimit = 64 << 20 });

    public VmHeapFunctionsTests() => VmHeapFunctions.Bind(_heap);

    public void Dispose()
    {
        VmHeapFunctions.Unbind();
        _heap.Dispose();
    }

    [Fact]
    public void Every_function_does_what_C_says()
    {
        byte* block = (byte*)VmHeapFunctions.Malloc(100);
        Assert.True(VmHeapFunctions.MallocUsableSize(block) >= 100);
        new Span<byte>(block, 100).Fill(5);
        block = (byte*)VmHeapFunctions.Realloc(block, 10_000);
        Assert.Equal(-1, new Span<byte>(block, 100).IndexOfAnyExcept((byte)5));
        Assert.True(VmHeapFunctions.Realloc(block, 0) == null);
        byte* zeroed = (byte*)VmHeapFunctions.Calloc(30, 7);
        Assert.Equal(-1, new Span<byte>(zeroed, 210).IndexOfAnyExcept((byte)0));
        void* first = VmHeapFunctions.AlignedAlloc(4096, 100);
        void* second = VmHeapFunctions.AlignedMalloc(100, 512);
        void* third;
        Assert.Equal(0, VmHeapFunctions.PosixMemalign(&third, 256, 10));
        Assert.Equal((nuint)0, ((nuint)first % 4096) + ((nuint)second % 512) + ((nuint)third % 256));
        byte* copy;
        fixed (byte* text = "virtual memory"u8)
        {
            copy = VmHeapFunctions.Strdup(text);
        }

        Assert.Equal("virtual memory", Marshal.PtrToStringUTF8((nint)copy));
        foreach (nint each in (nint[])[(nint)zeroed, (nint)first, (nint)second, (nint)third, (nint)copy, 0])
        {
            VmHeapFunctions.Free((void*)each);
        }

        Assert.Equal((nuint)0, _heap.GetStatistics().BlockCount);
    }

    [Fact]
    public void What_cannot_be_had_is_null_and_leaves_the_block_as_it_was()
    {
        long failures = VmHeapFunctions.FailureCount;
        int* block = (int*)VmHeapFunctions.Malloc(4);
        *block = 42;
        Assert.True(VmHeapFunctions.Malloc(nuint.MaxValue) == null);
        Assert.True(VmHeapFunctions.Malloc(1 << 30) == null);
        Assert.True(VmHeapFunctions.Realloc(block, nuint.MaxValue) == null);
        Assert.True(VmHeapFunctions.Calloc(nuint.MaxValue / 2, 3) == null);
        Assert.True(VmHeapFunctions.AlignedAlloc(3, 8) == null);
        Assert.True(VmHeapFunctions.AlignedAlloc(0, 8) == null);
        void* found = block;
        Assert.Equal(22, VmHeapFunctions.PosixMemalign(&found, 3, 8));
        Assert.Equal(22, VmHeapFunctions.PosixMemalign(&found, 2, 8));
        Assert.Equal(12, VmHeapFunctions.PosixMemalign(&found, 64, 1 << 30));
        Assert.True(found == block);
        Assert.True(VmHeapFunctions.Strdup(null) == null);
        Assert.Equal((nuint)0, VmHeapFunctions.MallocUsableSize(null));
        Assert.Equal(42, *block);
        VmHeapFunctions.Free(block);
        Assert.Equal(failures, VmHeapFunctions.FailureCount);
    }

    [Fact]
    public void Misuse_is_counted_and_told_and_never_thrown()
    {
        using RecordingListener listener = new();
        long failures = VmHeapFunctions.FailureCount;
        int other = 0;
        void* block = VmHeapFunctions.Malloc(8);
        VmHeapFunctions.Free(block);
        VmHeapFunctions.Free(block);
        VmHeapFunctions.Free(&other);
        Assert.True(VmHeapFunctions.Realloc(&other, 8) == null);
        Assert.Equal((nuint)0, VmHeapFunctions.MallocUsableSize(&other));
        Assert.Equal(failures + 4, VmHeapFunctions.FailureCount);
        Assert.Contains(listener.Of("CallbackFailed"), recorded => (string?)recorded.Payload[0] == _heap.Name);
    }

    [Fact]
    public void A_heap_that_is_gone_serves_nothing()
    {
        VmHeapFunctions.Unbind();
        Assert.True(VmHeapFunctions.Malloc(1) == null);
        VmHeap gone = new(new VmHeapOptions());
        VmHeapFunctions.Bind(gone);
        void* block = VmHeapFunctions.Malloc(1);
        gone.Dispose();
        Assert.True(VmHeapFunctions.Malloc(1) == null);
        VmHeapFunctions.Free(block);
        Assert.Throws<InvalidOperationException>(() => VmHeapFunctions.Bind(_heap));
        Assert.Throws<ArgumentNullException>(() => VmHeapFunctions.Bind(null!));
        VmHeapFunctions.Unbind();
        VmHeapFunctions.Bind(_heap);
        VmHeapFunctions.Bind(_heap);
        Assert.Same(_heap, VmHeapFunctions.BoundHeap);
    }

    [Fact]
    public void A_call_allocates_nothing_on_the_managed_heap() => Assert.Equal(0, ManagedAllocations.Of(Cycle));

    private static void Cycle()
    {
        for (nuint i = 1; i < 1000; i++)
        {
            void* block = VmHeapFunctions.Malloc(i);
            block = VmHeapFunctions.Realloc(block, i * 2);
            VmHeapFunctions.Free(block);
            VmHeapFunctions.Free(VmHeapFunctions.Calloc(i, 3));
        }
    }
}
