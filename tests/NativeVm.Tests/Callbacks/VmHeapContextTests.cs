namespace NativeVm.Tests.Callbacks;

public sealed unsafe class VmHeapContextTests
{
    [Fact]
    public void Each_context_serves_its_heap_in_every_shape()
    {
        using VmHeap first = new(new VmHeapOptions { Name = "first" });
        using VmHeap second = new(new VmHeapOptions { Name = "second" });
        using VmHeapContext one = new(first);
        using VmHeapContext two = new(second);
        Assert.True(one.Opaque != two.Opaque && one.Opaque != null);
        List<nint> blocks =
        [
            (nint)VmHeapContext.MallocContextFirst(one.Opaque, 10),
            (nint)VmHeapContext.CallocContextFirst(one.Opaque, 3, 10),
            (nint)VmHeapContext.AlignedContextFirst(one.Opaque, 10, 64),
            (nint)VmHeapContext.MallocContextLast(10, one.Opaque),
            (nint)VmHeapContext.CallocContextLast(3, 10, one.Opaque),
            (nint)VmHeapContext.Zalloc(one.Opaque, 3, 10),
            (nint)VmHeapContext.ReallocContextFirst(one.Opaque, null, 10),
            (nint)VmHeapContext.ReallocContextLast(null, 10, one.Opaque),
        ];
        Assert.All(blocks, block => Assert.True(first.Owns((void*)block)));
        Assert.Equal((nuint)8, first.GetStatistics().BlockCount);
        Assert.Equal((nuint)0, second.GetStatistics().BlockCount);
        for (int i = 0; i < blocks.Count; i++)
        {
            if (i % 2 == 0)
            {
                VmHeapContext.FreeContextFirst(one.Opaque, (void*)blocks[i]);
            }
            else
            {
                VmHeapContext.FreeContextLast((void*)blocks[i], one.Opaque);
            }
        }

        Assert.Equal((nuint)0, first.GetStatistics().BlockCount);
        Assert.True(VmHeapContext.Zalloc(two.Opaque, uint.MaxValue, uint.MaxValue) == null);
    }

    [Fact]
    public void Lua_allocates_resizes_and_frees_through_one_function()
    {
        using VmHeap heap = new(new VmHeapOptions { MemoryLimit = 32 << 20 });
        using VmHeapContext context = new(heap);
        byte* block = (byte*)VmHeapContext.LuaAlloc(context.Opaque, null, 5, 40);
        block[39] = 7;
        block = (byte*)VmHeapContext.LuaAlloc(context.Opaque, block, 40, 100_000);
        Assert.Equal(7, block[39]);
        Assert.True(VmHeapContext.LuaAlloc(context.Opaque, block, 100_000, 1 << 30) == null);
        block = (byte*)VmHeapContext.LuaAlloc(context.Opaque, block, 100_000, 40);
        Assert.Equal(7, block[39]);
        Assert.True(VmHeapContext.LuaAlloc(context.Opaque, block, 40, 0) == null);
        Assert.True(VmHeapContext.LuaAlloc(context.Opaque, null, 0, 0) == null);
        Assert.Equal((nuint)0, heap.GetStatistics().BlockCount);
    }

    [Fact]
    public void A_context_that_is_gone_serves_nothing_whoever_has_its_place_now()
    {
        using VmHeap heap = new(new VmHeapOptions());
        VmHeapContext context = new(heap);
        void* stale = context.Opaque;
        void* block = VmHeapContext.MallocContextFirst(stale, 1);
        context.Dispose();
        context.Dispose();
        using VmHeapContext next = new(heap);
        Assert.True(VmHeapContext.MallocContextFirst(stale, 1) == null);
        VmHeapContext.FreeContextFirst(stale, block);
        Assert.True(heap.Owns(block));
        Assert.True(VmHeapContext.MallocContextFirst(null, 1) == null);
        Assert.True(VmHeapContext.MallocContextFirst((void*)nuint.MaxValue, 1) == null);
        VmHeapContext.FreeContextFirst(next.Opaque, block);
        Assert.False(heap.Owns(block));
    }

    [Fact]
    public void There_can_be_many_contexts()
    {
        using VmHeap heap = new(new VmHeapOptions());
        VmHeapContext[] contexts = [.. Enumerable.Range(0, 300).Select(_ => new VmHeapContext(heap))];
        foreach (VmHeapContext context in contexts)
        {
            void* block = VmHeapContext.MallocContextFirst(context.Opaque, 8);
            Assert.True(block != null);
            VmHeapContext.FreeContextFirst(context.Opaque, block);
        }

        Array.ForEach(contexts, static context => context.Dispose());
    }
}
