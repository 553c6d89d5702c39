using System.Collections.Concurrent;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Heaps;

/// <summary>Many threads, blocks that change hands, threads that end.</summary>
public sealed unsafe class VmHeapThreadTests
{
    [Fact]
    public void Blocks_that_change_hands_keep_their_bytes()
    {
        const int ThreadCount = 6;
        using VmHeap heap = new(new VmHeapOptions());
        ConcurrentQueue<(nint Address, int ByteCount, byte Pattern)>[] inboxes =
            [.. Enumerable.Range(0, ThreadCount).Select(_ => new ConcurrentQueue<(nint, int, byte)>())];
        TestThreads.Run(ThreadCount, id =>
        {
            Random random = new(id);
            for (int i = 0; i < 20_000; i++)
            {
                int byteCount = random.Next(10) == 0 ? random.Next(50_000) : random.Next(400);
                byte pattern = (byte)random.Next(256);
                void* block = heap.Allocate((nuint)byteCount);
                new Span<byte>(block, byteCount).Fill(pattern);
                inboxes[random.Next(3) == 0 ? id : random.Next(ThreadCount)].Enqueue(((nint)block, byteCount, pattern));
                for (int n = random.Next(3); n > 0 && inboxes[id].TryDequeue(out var got); n--)
                {
                    Verify(got);
                }
            }
        });
        TestThreads.Run(ThreadCount, id =>
        {
            while (inboxes[id].TryDequeue(out var got))
            {
                Verify(got);
            }
        });
        heap.Validate();
        Assert.Equal((nuint)0, heap.GetStatistics().BlockCount);
        heap.Trim();
        heap.Validate();
        Assert.Equal((nuint)0, heap.GetStatistics().SlabByteCount);

        void Verify((nint Address, int ByteCount, byte Pattern) block)
        {
            Assert.False(new ReadOnlySpan<byte>((void*)block.Address, block.ByteCount).ContainsAnyExcept(block.Pattern));
            heap.Free((void*)block.Address);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void A_block_that_another_thread_has_freed_is_no_longer_the_one_its_owner_expects(int others)
    {
        using VmHeap heap = new(new VmHeapOptions());
        nint[] more = [.. Enumerable.Range(0, others + 1).Select(_ => (nint)heap.Allocate(100))];
        Assert.All(more, block => heap.Free((void*)block));
        nint taken = (nint)heap.Allocate(100);
        TestThreads.Run(1, _ => heap.Free((void*)taken));
        heap.Validate();
        Assert.Equal(VmHeapFault.DoubleFree, Assert.Throws<VmHeapFaultException>(() => heap.Free((void*)taken)).Fault);
        nint[] again = [.. Enumerable.Range(0, 3_000).Select(_ => (nint)heap.Allocate(100))];
        Assert.Equal(again.Length, again.Distinct().Count());
        Assert.All(again, block => heap.Free((void*)block));
        heap.Validate();
        Assert.Equal((nuint)0, heap.GetStatistics().BlockCount);
    }

    [Fact]
    public void The_address_beside_a_block_that_is_expected_is_not_freed()
    {
        using VmHeap heap = new(new VmHeapOptions());
        byte* block = (byte*)heap.Allocate(100);
        heap.Free(block);
        block = (byte*)heap.Allocate(100);
        for (int i = 1; i < 112; i++)
        {
            Assert.Throws<VmHeapFaultException>(() => heap.Free(block + i));
        }

        Assert.Throws<VmHeapFaultException>(() => heap.Free((void*)~(nuint)block));
        heap.Free(block);
        Assert.Throws<VmHeapFaultException>(() => heap.Free((void*)~(nuint)block));
        Assert.Equal(VmHeapFault.DoubleFree, Assert.Throws<VmHeapFaultException>(() => heap.Free(block)).Fault);
        heap.Validate();
    }

    [Fact]
    public void What_threads_that_have_ended_left_is_used_again()
    {
        using VmHeap heap = new(new VmHeapOptions());
        ConcurrentBag<nint> blocks = [];
        for (int round = 0; round < 20; round++)
        {
            TestThreads.Run(3, _ =>
            {
                for (int i = 0; i < 2_000; i++)
                {
                    blocks.Add((nint)heap.Allocate(200));
                }
            });
            while (blocks.TryTake(out nint block))
            {
                heap.Free((void*)block);
            }

            heap.Validate();
        }

        Assert.InRange(heap.GetStatistics().ThreadCount, (nuint)1, (nuint)4);
        Assert.InRange(heap.GetStatistics().SlabByteCount, (nuint)0, (nuint)(4 << 20));
        heap.Trim();
        Assert.Equal((nuint)0, heap.GetStatistics().SlabByteCount);
    }

    [Fact]
    public void A_thread_may_use_many_heaps_in_turn()
    {
        VmHeap[] heaps = [.. Enumerable.Range(0, 40).Select(_ => new VmHeap(new VmHeapOptions()))];
        List<(int Heap, nint Block)> blocks = [];
        for (int i = 0; i < 4_000; i++)
        {
            blocks.Add((i % heaps.Length, (nint)heaps[i % heaps.Length].Allocate(64)));
        }

        foreach ((int heap, nint block) in blocks)
        {
            Assert.False(heaps[(heap + 1) % heaps.Length].Owns((void*)block));
            heaps[heap].Free((void*)block);
        }

        foreach (VmHeap heap in heaps)
        {
            Assert.Equal((nuint)0, heap.GetStatistics().BlockCount);
            Assert.Equal((nuint)1, heap.GetStatistics().ThreadCount);
            heap.Validate();
            heap.Dispose();
        }
    }

    [Fact]
    public void A_block_freed_here_and_elsewhere_is_found()
    {
        using VmHeap heap = new(new VmHeapOptions());
        nint[] blocks = [.. Enumerable.Range(0, 1_000).Select(_ => (nint)heap.Allocate(48))];
        TestThreads.Run(1, _ => Array.ForEach(blocks, block => heap.Free((void*)block)));
        Assert.All(blocks, block => Assert.Throws<VmHeapFaultException>(() => heap.Free((void*)block)));
        TestThreads.Run(1, _ => Assert.All(blocks, block => Assert.Throws<VmHeapFaultException>(() => heap.Free((void*)block))));
        heap.Validate();
        Assert.Equal((nuint)0, heap.GetStatistics().BlockCount);
    }
}
