using System.Buffers;
using System.Runtime.CompilerServices;
using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Map;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Memory;

public sealed unsafe class VmBufferWriterTests
{
    private const nuint MiB = 1 << 20;

    [Fact]
    public void What_is_written_is_what_a_model_holds_and_never_moves()
    {
        int steps = 3000;
        CompareWithModel(new Random(8), () => steps-- > 0);
    }

    /// <summary>Writes to a writer and to an <see cref="ArrayBufferWriter{T}"/>, as long as they are to go on.</summary>
    internal static void CompareWithModel(Random random, Func<bool> goesOn)
    {
        using VmBufferWriter writer = new(new VmBufferWriterOptions { MaxByteCount = 64 * MiB });
        ArrayBufferWriter<byte> model = new();
        nuint address = writer.Address;
        while (goesOn())
        {
            byte[] bytes = new byte[random.Next(random.Next(10) == 0 ? 20_000 : 300)];
            random.NextBytes(bytes);
            switch (random.Next(3))
            {
                case 0:
                    writer.Write(bytes);
                    break;
                case 1:
                    bytes.CopyTo(writer.GetSpan(bytes.Length));
                    writer.Advance(bytes.Length);
                    break;
                default:
                    bytes.CopyTo(writer.GetMemory(bytes.Length));
                    writer.Advance(bytes.Length);
                    break;
            }

            model.Write(bytes);
            if (random.Next(500) == 0)
            {
                writer.Clear();
                model.Clear();
                writer.Trim().ThrowIfFailed();
                Assert.Equal((nuint)0, writer.GetStatistics().CommittedByteCount);
            }
        }

        Assert.Equal(address, writer.Address);
        Assert.True(writer.WrittenSpan.SequenceEqual(model.WrittenSpan));
        Assert.True(writer.GetWrittenSequence().ToArray().AsSpan().SequenceEqual(model.WrittenSpan));
    }

    [CapabilityFact(Needs.CheapReservations)]
    public void More_than_two_GiB_are_one_sequence()
    {
        using VmBufferWriter writer = new(new VmBufferWriterOptions { MaxByteCount = (nuint)5 << 30 });
        const int Step = 700 << 20;
        for (int i = 0; i < 6; i++)
        {
            Span<byte> span = writer.GetSpan(Step);
            span[0] = (byte)(i + 1);
            writer.Advance(Step);
        }

        // Across the border of two parts of a GiB.
        Memory<byte> memory = writer.GetMemory(100 << 20);
        Assert.True(memory.Length >= 100 << 20);
        fixed (byte* start = memory.Span)
        {
            Assert.Equal(writer.Address + writer.WrittenByteCount, (nuint)start);
        }

        ReadOnlySequence<byte> sequence = writer.GetWrittenSequence();
        Assert.Equal(6L * Step, sequence.Length);
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(i + 1, sequence.Slice((long)i * Step, 1).FirstSpan[0]);
        }

        Assert.Throws<InvalidOperationException>(() => writer.WrittenSpan.Length);
    }

    [Fact]
    public void A_full_writer_says_what_to_change_and_takes_what_still_fits()
    {
        using VmBufferWriter writer = new(new VmBufferWriterOptions { MaxByteCount = 100_000, Name = "small" });
        writer.GetSpan(100_000);
        writer.Advance(100_000);
        int left = (int)(writer.Capacity - 100_000);
        InsufficientMemoryException exception = Assert.Throws<InsufficientMemoryException>(() => writer.GetSpan(left + 1).Length);
        Assert.Contains(nameof(VmBufferWriterOptions.MaxByteCount), exception.Message, StringComparison.Ordinal);
        Assert.Throws<InsufficientMemoryException>(() => writer.GetMemory(int.MaxValue / 2));
        Assert.Equal(left, writer.GetSpan(left).Length);
        writer.Advance(left);
        Assert.Throws<InsufficientMemoryException>(() => writer.GetSpan().Length);
        writer.Clear();
        Assert.True(writer.GetSpan().Length > 0);
    }

    [Fact]
    public void Misuse_is_told()
    {
        VmBufferWriter writer = new(new VmBufferWriterOptions { MaxByteCount = MiB });
        Assert.Throws<InvalidOperationException>(() => writer.Advance(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.GetSpan(-1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.GetMemory(-1).Length);
        int length = writer.GetSpan(1).Length;
        Assert.Throws<InvalidOperationException>(() => writer.Advance(length + 1));
        Memory<byte> memory = writer.GetMemory(1);
        writer.Dispose();
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => writer.GetSpan(1).Length);
        Assert.Throws<ObjectDisposedException>(() => writer.Advance(1));
        Assert.Throws<ObjectDisposedException>(() => writer.GetWrittenSequence());
        Assert.Throws<ArgumentOutOfRangeException>(() => new VmBufferWriter(new VmBufferWriterOptions { MaxByteCount = 0 }));
    }

    [Fact]
    public void Memory_pinned_at_disposal_keeps_the_pages_until_it_is_not()
    {
        using VmMap map = TestMaps.Real(16 * MiB);
        VmBufferWriter writer = new(new VmBufferWriterOptions { MaxByteCount = MiB, Map = map });
        MemoryHandle handle = writer.GetMemory(10).Pin();
        writer.Dispose();
        *(byte*)handle.Pointer = 5;
        Assert.NotEqual((nuint)0, map.GetStatistics().MappedByteCount);
        handle.Dispose();
        Assert.Equal((nuint)0, map.GetStatistics().MappedByteCount);
        map.Validate();
    }

    [Fact]
    public void A_forgotten_writer_gives_its_range_back()
    {
        using VmMap map = TestMaps.Real(16 * MiB);
        Forget(map);
        Assert.True(Collector.RunsUntil(() => map.GetStatistics().MappedByteCount == 0));
    }

    [Fact]
    public void A_refusal_leaves_the_writer_as_it_was()
    {
        FaultSweepReport report = FaultSweep.Run(
            setup: static platform => new VmBufferWriter(new VmBufferWriterOptions { MaxByteCount = 8 * MiB, Platform = platform }),
            act: static writer =>
            {
                try
                {
                    _ = writer.GetSpan(200_000);
                    writer.Advance(200_000);
                    return true;
                }
                catch (SystemRefusedException)
                {
                    return false;
                }
            },
            verify: static (writer, succeeded) => Assert.Equal(
                succeeded ? (nuint)200_000 : 0,
                writer.WrittenByteCount),
            new FaultSweepOptions { Patterns = FaultPatterns.SingleCall | FaultPatterns.NeighbouringCalls });
        Assert.True(report.InjectedCount > 0);
    }

    [Fact]
    public void Writing_allocates_nothing_on_the_managed_heap()
    {
        using VmBufferWriter writer = new(new VmBufferWriterOptions { MaxByteCount = 64 * MiB });
        Assert.Equal(0, ManagedAllocations.Of(() =>
        {
            writer.Clear();
            WriteSome(writer);
        }));
    }

    private static void WriteSome(VmBufferWriter writer)
    {
        for (int i = 0; i < 10_000; i++)
        {
            writer.GetSpan(100)[..100].Fill(1);
            writer.Advance(100);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(VmMap map)
    {
        VmBufferWriter writer = new(new VmBufferWriterOptions { MaxByteCount = MiB, Map = map });
        writer.GetMemory(10).Span.Clear();
        writer.Advance(10);
    }
}
