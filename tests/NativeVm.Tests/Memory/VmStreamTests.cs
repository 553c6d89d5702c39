using NativeVm.Platform;
using NativeVm.Tests.Map;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Memory;

public sealed class VmStreamTests
{
    private const nuint MiB = 1 << 20;

    [Fact]
    public void Random_operations_do_what_a_memory_stream_does()
    {
        int steps = 5000;
        CompareWithModel(new Random(21), () => steps-- > 0);
    }

    [Fact]
    public void Nothing_written_beyond_the_end_changes_nothing()
    {
        using VmStream stream = new(new VmStreamOptions { MaxByteCount = MiB });
        stream.Write([1, 2, 3]);
        stream.Position = 1000;
        stream.Write([]);
        Assert.Equal((1000, 3), (stream.Position, stream.Length));
    }

    /// <summary>Operations on a stream and on a <see cref="MemoryStream"/>, as long as they are to go on.</summary>
    internal static void CompareWithModel(Random random, Func<bool> goesOn)
    {
        using VmStream stream = new(new VmStreamOptions { MaxByteCount = 16 * MiB });
        using MemoryStream model = new();
        byte[] buffer = new byte[50_000];
        byte[] expected = new byte[50_000];
        for (int step = 0; goesOn(); step++)
        {
            int count = random.Next(random.Next(10) == 0 ? buffer.Length : 500);
            switch (random.Next(7))
            {
                case 0 or 1:
                    // Beyond its end a MemoryStream grows by writing nothing, which a file does not, nor this stream.
                    count = Math.Max(count, 1);
                    random.NextBytes(buffer.AsSpan(0, count));
                    stream.Write(buffer, 0, count);
                    model.Write(buffer, 0, count);
                    break;
                case 2:
                    int read = stream.Read(buffer, 0, count);
                    Assert.Equal(model.Read(expected, 0, count), read);
                    Assert.True(buffer.AsSpan(0, read).SequenceEqual(expected.AsSpan(0, read)));
                    break;
                case 3:
                    long offset = random.Next((int)model.Length + 2000);
                    Assert.Equal(model.Seek(offset, SeekOrigin.Begin), stream.Seek(offset, SeekOrigin.Begin));
                    break;
                case 4 when random.Next(10) == 0:
                    long length = random.Next((int)model.Length + 3000);
                    stream.SetLength(length);
                    model.SetLength(length);
                    break;
                case 5:
                    Assert.Equal(model.ReadByte(), stream.ReadByte());
                    break;
                default:
                    stream.WriteByte((byte)step);
                    model.WriteByte((byte)step);
                    break;
            }

            Assert.Equal((model.Position, model.Length), (stream.Position, stream.Length));
        }

        stream.Position = 0;
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        Assert.True(copy.ToArray().AsSpan().SequenceEqual(model.ToArray()));
    }

    [CapabilityFact(Needs.CheapReservations)]
    public void Positions_beyond_two_to_the_31st_are_ordinary()
    {
        using VmMap map = TestMaps.Real((nuint)6 << 30);
        map.Find((nuint)5 << 30, VmEntryAttributes.ReadWrite, out nuint address).ThrowIfFailed();
        using VmStream stream = VmMemory.OpenStream(map, address, (nuint)5 << 30);
        stream.Seek(-3, SeekOrigin.End);
        stream.Write([1, 2, 3]);
        Assert.Equal(5L << 30, stream.Position);
        Assert.Equal(5L << 30, stream.Length);
        Assert.Equal(3, VmMemory.GetSequence(map, address, (nuint)5 << 30).Slice((5L << 30) - 1).FirstSpan[0]);
        Assert.Throws<NotSupportedException>(() => stream.WriteByte(4));
        stream.Position = (3L << 30) - 1;
        stream.Write([8, 9]);
        stream.Position--;
        Assert.Equal(9, stream.ReadByte());
    }

    [Fact]
    public async Task A_view_reads_and_writes_what_is_there_and_does_not_grow()
    {
        using VmMap map = TestMaps.Real(MiB);
        map.Find(8192, VmEntryAttributes.ReadWrite, out nuint address).ThrowIfFailed();
        await using VmStream stream = VmMemory.OpenStream(map, address + 10, 100);
        await stream.WriteAsync(new byte[] { 1, 2, 3 });
        await stream.FlushAsync();
        stream.Position = 1;
        byte[] two = new byte[2];
        await stream.ReadExactlyAsync(two);
        Assert.Equal([2, 3], two);
        stream.Position = 99;
        Assert.Throws<NotSupportedException>(() => stream.Write([1, 2]));
        Assert.Equal(99, stream.Position);
        Assert.Equal(100, stream.Length);
        Assert.Throws<NotSupportedException>(() => stream.SetLength(101));
        Assert.Throws<IOException>(() => stream.Seek(-101, SeekOrigin.End));
        Assert.True((await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await stream.ReadExactlyAsync(two, new CancellationToken(true)))).CancellationToken.IsCancellationRequested);
    }

    [Fact]
    public void What_is_cut_off_reads_as_zeros_when_it_comes_back()
    {
        using VmMap map = TestMaps.Real(MiB);
        map.Find(8192, VmEntryAttributes.ReadWrite, out nuint address).ThrowIfFailed();
        using VmStream stream = VmMemory.OpenStream(map, address, 100);
        stream.Write(Enumerable.Repeat((byte)7, 100).ToArray());
        stream.SetLength(10);
        stream.SetLength(50);
        stream.Position = 60;
        stream.WriteByte(1);
        stream.Position = 0;
        byte[] bytes = new byte[61];
        stream.ReadExactly(bytes);
        Assert.Equal([.. Enumerable.Repeat((byte)7, 10), .. new byte[50], 1], bytes);
    }

    [Fact]
    public void Access_is_what_was_asked_for_and_what_the_pages_allow()
    {
        using VmMap map = TestMaps.Real(MiB);
        map.Find(8192, VmEntryAttributes.ReadWrite, out nuint address).ThrowIfFailed();
        map.Protect(address, 4096, PageProtection.Read).ThrowIfFailed();
        Assert.Throws<ArgumentException>(() => VmMemory.OpenStream(map, address, 8192));
        Assert.Throws<ArgumentOutOfRangeException>(() => VmMemory.OpenStream(map, address, 8192, 0));
        Assert.Throws<ArgumentException>(() => VmMemory.OpenStream(map, address, 8193, FileAccess.Read));
        using VmStream reader = VmMemory.OpenStream(map, address, 8192, FileAccess.Read);
        Assert.Equal((true, false, true), (reader.CanRead, reader.CanWrite, reader.CanSeek));
        Assert.Throws<NotSupportedException>(() => reader.WriteByte(1));
        Assert.Throws<NotSupportedException>(() => reader.SetLength(1));
        using VmStream writer = VmMemory.OpenStream(map, address + 4096, 4096, FileAccess.Write);
        Assert.Throws<NotSupportedException>(() => writer.ReadByte());
        reader.Dispose();
        Assert.Equal((false, false, false), (reader.CanRead, reader.CanWrite, reader.CanSeek));
        Assert.Throws<ObjectDisposedException>(() => reader.ReadByte());
        Assert.Throws<ObjectDisposedException>(() => reader.Length);
    }

    [Fact]
    public void A_stream_holds_the_memory_that_it_is_over()
    {
        using VmMap map = TestMaps.Real(MiB);
        VmMemoryManager<int> manager = VmMemory.Allocate<int>(map, 1000);
        VmStream stream = manager.OpenStream();
        manager.Dispose();
        stream.WriteByte(3);
        stream.Position = 0;
        Assert.Equal(3, stream.ReadByte());
        Assert.NotEqual((nuint)0, map.GetStatistics().MappedByteCount);
        stream.Dispose();
        stream.Dispose();
        Assert.Equal((nuint)0, map.GetStatistics().MappedByteCount);
    }

    [Fact]
    public void A_growing_stream_in_a_map_gives_its_range_back_when_closed()
    {
        using VmMap map = TestMaps.Real(16 * MiB);
        using (VmStream stream = new(new VmStreamOptions { Map = map, MaxByteCount = 2 * MiB }))
        {
            stream.Write(new byte[MiB]);
            Assert.Throws<NotSupportedException>(() => stream.SetLength((long)(2 * MiB) + 1));
            Assert.Equal((long)MiB, stream.Length);
        }

        Assert.Equal((nuint)0, map.GetStatistics().MappedByteCount);
        map.Validate();
    }
}
