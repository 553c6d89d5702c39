using FsCheck;
using FsCheck.Fluent;
using NativeVm.Tests.Arenas;

namespace NativeVm.Tests.Pools;

/// <summary>Random operations, shrunk to the shortest list that fails.</summary>
public sealed class BlockPoolModelTests
{
    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(24, 0, true)]
    [InlineData(40, 64, true)]
    [InlineData(56, 0, false)]
    [InlineData(5000, 4096, true)]
    public void A_pool_does_what_a_dictionary_does(int byteCount, int alignment, bool zeroes)
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(byte, ushort)[]>(), operations => Run(operations, (nuint)byteCount, (nuint)alignment, zeroes))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(300));
        Random random = new(9);
        (byte, ushort)[] many = new (byte, ushort)[5000];
        for (int i = 0; i < many.Length; i++)
        {
            many[i] = ((byte)random.Next(256), (ushort)random.Next(65536));
        }

        Run(many, (nuint)byteCount, (nuint)alignment, zeroes);
    }

    private static void Run((byte Kind, ushort Argument)[] operations, nuint byteCount, nuint alignment, bool zeroes)
    {
        using BlockPool pool = new(new BlockPoolOptions
        {
            BlockByteCount = byteCount,
            Alignment = alignment,
            Capacity = 600,
            ZeroesMemory = zeroes,
            CommitStep = 1,
        });
        Dictionary<BlockHandle, (nuint Address, byte Pattern)> live = [];
        List<BlockHandle> order = [];
        List<BlockHandle> stale = [];
        byte next = 0;
        foreach ((byte kind, ushort argument) in operations)
        {
            if (kind % 16 < 8)
            {
                if (!pool.TryAllocate(out BlockHandle handle, out nuint address))
                {
                    Assert.Equal(600, live.Count);
                    continue;
                }

                Assert.True(live.TryAdd(handle, (address, ++next)));
                Assert.Equal((nuint)0, (address - pool.BaseAddress) % pool.Stride);
                Assert.Equal((nuint)0, alignment == 0 ? 0 : address % alignment);
                Span<byte> bytes = TestArenas.Bytes(address, byteCount);
                Assert.True(!zeroes || bytes.IndexOfAnyExcept((byte)0) < 0, "It is zero.");
                bytes.Fill(next);
                order.Add(handle);
            }
            else if (kind % 16 < 14 && order.Count > 0)
            {
                int index = argument % order.Count;
                BlockHandle handle = order[index];
                order[index] = order[^1];
                order.RemoveAt(order.Count - 1);
                Assert.Equal(live[handle].Address, pool.GetAddress(handle));
                Assert.Equal(-1, TestArenas.Bytes(live[handle].Address, byteCount).IndexOfAnyExcept(live[handle].Pattern));
                if (kind % 2 == 0)
                {
                    pool.Free(handle);
                }
                else
                {
                    pool.Free(live[handle].Address);
                }

                live.Remove(handle);
                stale.Add(handle);
            }
            else if (kind % 16 == 14)
            {
                Assert.Equal(VmResult.Success, pool.Trim());
            }
            else if (argument % 8 == 0)
            {
                pool.FreeAll();
                stale.AddRange(order);
                order.Clear();
                live.Clear();
            }
        }

        Assert.Equal((nuint)live.Count, pool.LiveCount);
        Assert.DoesNotContain(stale, pool.IsLive);
        List<BlockHandle> seen = [];
        foreach (BlockHandle handle in pool)
        {
            Assert.Equal(-1, TestArenas.Bytes(live[handle].Address, byteCount).IndexOfAnyExcept(live[handle].Pattern));
            seen.Add(handle);
        }

        Assert.Equal(live.Count, seen.Count);
        Assert.Equal(seen.OrderBy(handle => handle.Slot), seen);
    }
}
