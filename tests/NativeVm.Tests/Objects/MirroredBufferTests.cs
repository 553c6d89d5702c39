using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Objects;

/// <summary>One memory twice in a row, as memory and as a pipe.</summary>
public sealed unsafe class MirroredBufferTests
{
    private const nuint Size = ObjectSystems.MiB / 8;

    [CapabilityFact(Needs.SharedMemoryObjects)]
    public void A_byte_is_there_twice_and_a_window_over_the_end_is_one_span()
    {
        using MirroredBuffer buffer = new(new MirroredBufferOptions { ByteCount = Size - 5, Name = "twice" });
        Assert.Equal(Size, buffer.Capacity);
        byte* bytes = (byte*)buffer.Address;
        for (nuint i = 0; i < Size; i += 1021)
        {
            bytes[i] = (byte)(i + 1);
            Assert.Equal(bytes[i], bytes[Size + i]);
            bytes[Size + i]++;
            Assert.Equal((byte)(i + 2), bytes[i]);
        }

        Span<byte> window = buffer.GetWindow(Size - 3, 7);
        "mirrors"u8.CopyTo(window);
        Assert.True(buffer.GetWindow(0, 4).SequenceEqual("rors"u8));
        Assert.True(buffer.GetWindow(Size - 3, 3).SequenceEqual("mir"u8));
        Assert.Equal((int)Size, buffer.GetWindow(Size - 1, Size).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.GetWindow(Size, 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.GetWindow(0, Size + 1).Length);
    }

    [CapabilityFact(Needs.SharedMemoryObjects)]
    public void A_pipe_gives_out_what_was_put_in_whatever_the_sizes()
    {
        foreach (int seed in (int[])[1, 2])
        {
            Random random = new(seed);
            using MirroredBuffer buffer = new(new MirroredBufferOptions { ByteCount = Size, IsPrefaulted = seed == 2 });
            ulong written = 0;
            ulong read = 0;
            for (int step = 0; step < 6_000; step++)
            {
                nuint wanted = (nuint)random.Next(1, random.Next(4) == 0 ? (int)Size + 1 : 5000);
                nuint pending = (nuint)(written - read);
                Assert.Equal(pending, buffer.PendingByteCount);
                if (random.Next(2) == 0)
                {
                    bool hasRoom = buffer.TryGetWriteSpan(wanted, out Span<byte> span);
                    Assert.Equal(Size - pending >= wanted, hasRoom);
                    Assert.True(hasRoom ? (nuint)span.Length >= wanted : span.IsEmpty);
                    nuint filled = hasRoom ? (nuint)random.Next((int)wanted + 1) : 0;
                    PipePattern.Fill(span[..(int)filled], written);
                    buffer.AdvanceWriter(filled);
                    written += filled;
                }
                else
                {
                    bool hasData = buffer.TryGetReadSpan(wanted, out ReadOnlySpan<byte> span);
                    Assert.Equal(pending >= wanted, hasData);
                    Assert.True(hasData ? (nuint)span.Length >= wanted : span.IsEmpty);
                    PipePattern.Verify(span[..Math.Min(span.Length, 4096)], read);
                    nuint used = hasData ? (nuint)random.Next((int)wanted + 1) : 0;
                    buffer.AdvanceReader(used);
                    read += used;
                }
            }

            Assert.True(read > 4 * Size, "The ring went round.");
            MirroredBufferStatistics statistics = buffer.GetStatistics();
            Assert.Equal((written, read), (statistics.WrittenByteCount, statistics.ReadByteCount));
            Assert.Equal((2 * Size, Size, (nuint)(written - read)), (statistics.ReservedByteCount, statistics.CommittedByteCount, statistics.AllocatedByteCount));
        }
    }

    [CapabilityFact(Needs.SharedMemoryObjects)]
    public void Two_threads_pass_bytes_without_losing_or_changing_one()
    {
        const ulong Total = 16 << 20;
        using MirroredBuffer buffer = new(new MirroredBufferOptions { ByteCount = Size / 2 });
        Exception? failure = null;
        Thread writer = new(() =>
        {
            try
            {
                Write(buffer, Total);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failure = e;
            }
        });
        writer.Start();
        ulong read = 0;
        Random random = new(5);
        SpinWait spin = default;
        while (!buffer.IsCompleted)
        {
            if (!buffer.TryGetReadSpan(1, out ReadOnlySpan<byte> span))
            {
                spin.SpinOnce();
                continue;
            }

            int used = random.Next(1, span.Length + 1);
            PipePattern.Verify(span[..used], read);
            read += (ulong)used;
            buffer.AdvanceReader((nuint)used);
        }

        writer.Join();
        Assert.Null(failure);
        Assert.Equal(Total, read);
        Assert.True(buffer.IsWriterCompleted);
    }

    [CapabilityFact(Needs.SharedMemoryObjects)]
    public void Misuse_throws_and_changes_nothing()
    {
        MirroredBuffer buffer = new(new MirroredBufferOptions { ByteCount = Size });
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.TryGetWriteSpan(0, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.TryGetReadSpan(Size + 1, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.AdvanceReader(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.AdvanceWriter(Size + 1));
        buffer.AdvanceWriter(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.AdvanceReader(11));
        Assert.Equal((nuint)10, buffer.PendingByteCount);
        buffer.CompleteWriter();
        Assert.False(buffer.IsCompleted);
        Assert.Throws<InvalidOperationException>(() => buffer.AdvanceWriter(1));
        buffer.AdvanceReader(10);
        Assert.True(buffer.IsCompleted);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.GetWindow(0, 1).Length);
        Assert.Throws<ObjectDisposedException>(() => buffer.TryGetWriteSpan(1, out _));
        Assert.Throws<ObjectDisposedException>(() => buffer.AdvanceReader(0));
        Assert.Throws<ArgumentNullException>(() => new MirroredBuffer(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MirroredBuffer(new MirroredBufferOptions { ByteCount = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MirroredBuffer(new MirroredBufferOptions { ByteCount = nuint.MaxValue / 2 }));
        using VmMap map = new(new VmMapOptions { ByteCount = 64 * ObjectSystems.KiB });
        Assert.Throws<ArgumentException>(
            () => new MirroredBuffer(new MirroredBufferOptions { ByteCount = 1, Map = map, Platform = new SimulatedPlatform() }));
    }

    [CapabilityFact(Needs.SharedMemoryObjects)]
    public void Streaming_allocates_nothing_on_the_managed_heap()
    {
        using MirroredBuffer buffer = new(new MirroredBufferOptions { ByteCount = Size });
        Assert.Equal(0, ManagedAllocations.Of(() => Stream(buffer, 1000)));
    }

    [CapabilityFact(Needs.SharedMemoryObjects | Needs.Placeholders | Needs.Posix)]
    public void In_a_map_it_is_two_entries_which_leave_with_it()
    {
        using VmMap map = new(new VmMapOptions { ByteCount = 4 * ObjectSystems.MiB });
        using (MirroredBuffer buffer = new(new MirroredBufferOptions { ByteCount = Size, Map = map }))
        {
            Assert.InRange(buffer.Address, map.MinAddress, map.MaxAddress);
            Assert.Equal((nuint)2, map.GetStatistics().EntryCount);
            buffer.GetWindow(Size - 1, 2).Fill(9);
            Assert.Equal(9, buffer.GetWindow(0, 1)[0]);
            map.Validate();
        }

        Assert.Equal((nuint)0, map.GetStatistics().EntryCount);
        Assert.Equal((nuint)1, map.GetStatistics().MappingCount);
        MirroredBuffer outliving = new(new MirroredBufferOptions { ByteCount = Size, Map = map });
        map.Dispose();
        outliving.GetWindow(0, Size).Fill(1);
        outliving.Dispose();
        VmResult tooLarge = MirroredBuffer.TryCreate(
            new MirroredBufferOptions { ByteCount = 4 * ObjectSystems.MiB, Map = new VmMap(new VmMapOptions { ByteCount = ObjectSystems.MiB }) },
            out MirroredBuffer? none);
        Assert.Equal(VmResult.NoSpace, tooLarge);
        Assert.Null(none);
    }

    [Fact]
    public void Every_refusal_leaves_nothing_behind()
    {
        foreach (FaultSweepOptions options in ObjectSystems.Simulated)
        {
            foreach (bool isInMap in (bool[])[false, true])
            {
                VmPlatform probe = options.CreatePlatform();
                if (isInMap && !probe.Supports(PlatformCapabilities.RangesSpanReservations))
                {
                    continue;
                }

                FaultSweepReport report = FaultSweep.Run(
                    platform => new ObjectState(platform, isInMap),
                    state => Make(state),
                    (state, succeeded) => state.Verify(succeeded),
                    options);
                Assert.True(report.FailedRunCount > 0, "Something was refused.");
            }
        }
    }

    [Fact]
    public void Where_nothing_can_be_replaced_lost_addresses_are_given_up_for_others()
    {
        SimulatedPlatform system = new(ObjectSystems.WithoutPlaceholders);
        FaultInjectingPlatform platform = new(system);
        for (int call = 1; call <= 12; call++)
        {
            platform.Arm(FaultPlan.Operation(SystemOperation.MapObjectAnywhere, from: 1, count: call)
                .Saying(RefusalReason.AddressInUse, 487, ErrorDomain.Win32));
            using MirroredBuffer buffer = new(new MirroredBufferOptions { ByteCount = Size, Platform = platform });
            Assert.Equal(call, platform.InjectedCount);
            Assert.Equal(2, system.Snapshot().Count);
        }

        platform.Disarm();
        Assert.Empty(system.Snapshot());
    }

    private static bool Make(ObjectState state)
    {
        VmResult result = MirroredBuffer.TryCreate(
            new MirroredBufferOptions { ByteCount = Size, Map = state.Map, Platform = state.Platform },
            out MirroredBuffer? buffer);
        Assert.Equal(result.IsSuccess, buffer is not null);
        return state.Keep(buffer);
    }

    private static void Write(MirroredBuffer buffer, ulong total)
    {
        Random random = new(6);
        ulong written = 0;
        SpinWait spin = default;
        while (written < total)
        {
            nuint wanted = (nuint)Math.Min((ulong)random.Next(1, 9000), total - written);
            if (!buffer.TryGetWriteSpan(wanted, out Span<byte> span))
            {
                spin.SpinOnce();
                continue;
            }

            PipePattern.Fill(span[..(int)wanted], written);
            buffer.AdvanceWriter(wanted);
            written += wanted;
        }

        buffer.CompleteWriter();
    }

    private static void Stream(MirroredBuffer buffer, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            Assert.True(buffer.TryGetWriteSpan(777, out Span<byte> span));
            span[776] = (byte)i;
            buffer.AdvanceWriter(777);
            Assert.True(buffer.TryGetReadSpan(777, out ReadOnlySpan<byte> data));
            Assert.True(data[776] == (byte)i);
            buffer.AdvanceReader(777);
        }
    }
}
