using System.Buffers.Binary;
using NativeVm.Platform;
using NativeVm.Testing;
using NativeVm.Tests.Platform;

namespace NativeVm.Tests.Objects;

/// <summary>Files that are not what they should be, and files as crashes leave them.</summary>
public sealed class ArenaFileTests
{
    private const int Area = 64 << 10;
    private const int Second = Area / 2;
    private const int VersionOffset = 8;

    [Fact]
    public void What_is_no_arena_is_said_to_be_none_and_left_alone()
    {
        byte[] text = new byte[2 * Area];
        "#!/bin/sh"u8.CopyTo(text);
        byte[] zeros = new byte[2 * Area];
        byte[] random = new byte[Area];
        new Random(3).NextBytes(random);
        foreach (byte[] contents in (byte[][])[text, text[..100], text[..Area], zeros, zeros[..1], zeros[..(Area - 1)], random])
        {
            using TemporaryFile file = new(contents);
            Assert.Equal(PersistentArenaError.NotAnArena, Fail(file.Path).Error);
            Assert.Equal(PersistentArenaError.NotAnArena, Fail(file.Path, MemoryObjectAccess.Read).Error);
            Assert.Equal(contents, File.ReadAllBytes(file.Path));
        }


        // A directory is refused as such, or, on Windows, as something that may not be written.
        Assert.Contains(Fail(Path.GetTempPath()).Error, (PersistentArenaError[])[PersistentArenaError.Refused, PersistentArenaError.ReadOnly]);
        using TemporaryFile missing = new();
        Assert.Equal(PersistentArenaError.NotFound, Fail(missing.Path, MemoryObjectAccess.Read).Error);
        Assert.False(File.Exists(missing.Path));
    }

    [Fact]
    public void A_file_that_may_not_be_written_says_so()
    {
        using TemporaryFile file = Made(1);
        FaultInjectingPlatform platform = new(VmPlatform.Current);
        platform.Arm(FaultPlan.Operation(SystemOperation.OpenFile).Saying(RefusalReason.AccessDenied, 13, ErrorDomain.Errno));
        Assert.False(PersistentArena.TryOpen(new() { Path = file.Path, Platform = platform }, out _, out PersistentArenaFailure failure));
        Assert.Equal(PersistentArenaError.ReadOnly, failure.Error);
        PersistentArenaException exception = Assert.Throws<PersistentArenaException>(
            () => PersistentArena.Open(new() { Path = file.Path, Platform = platform }));
        Assert.Contains("may not be written", exception.Message, StringComparison.Ordinal);
        Assert.Equal(failure.Error, exception.Failure.Error);
    }

    [Fact]
    public void Other_versions_are_refused_and_empty_or_interrupted_files_become_arenas()
    {
        using TemporaryFile file = Made(5);
        PersistentArenaOptions options = new() { Path = file.Path, FormatVersion = 7 };
        Assert.False(PersistentArena.TryOpen(options, out _, out PersistentArenaFailure failure));
        Assert.Equal((PersistentArenaError.OtherVersion, 7UL, 0UL), (failure.Error, failure.Expected, failure.Found));
        Rewrite(file, bytes => bytes[VersionOffset] = bytes[Second + VersionOffset] = 9);
        Assert.Equal((PersistentArenaError.OtherVersion, 1UL, 9UL), (Fail(file.Path).Error, Fail(file.Path).Expected, Fail(file.Path).Found));

        foreach (int length in (int[])[0, Area])
        {
            using TemporaryFile blank = new(new byte[length]);
            using PersistentArena arena = Open(blank.Path);
            ArenaList.Append(arena, 2);
            Assert.Equal(2, ArenaList.Verify(arena));
        }
    }

    [Fact]
    public void A_torn_header_leaves_the_other_one_and_two_torn_ones_leave_an_error()
    {
        for (int victim = 0; victim < 2; victim++)
        {
            using TemporaryFile file = new();
            using (PersistentArena arena = Open(file.Path))
            {
                ArenaList.Append(arena, 1);
                arena.Flush();
                ArenaList.Append(arena, 1);
                arena.Flush();
            }

            // Made, flushed twice and at disposal: four headers, the newest of them the first.
            Rewrite(file, bytes => bytes[(victim * Second) + 40] ^= 0x10);
            using (PersistentArena arena = Open(file.Path))
            {
                Assert.Equal(2, ArenaList.Verify(arena));
            }

            Rewrite(file, bytes => bytes[20] = bytes[Second + 20] = 0xff);
            Assert.Equal(PersistentArenaError.Damaged, Fail(file.Path).Error);
        }
    }

    [Fact]
    public void A_shorter_file_is_refused()
    {
        using TemporaryFile file = Made(100_000);
        byte[] whole = File.ReadAllBytes(file.Path);
        foreach (int length in (int[])[Area, Area + 1, 2_000_000])
        {
            File.WriteAllBytes(file.Path, whole[..length]);
            PersistentArenaFailure failure = Fail(file.Path);
            Assert.Equal(PersistentArenaError.Truncated, failure.Error);
            Assert.Equal((ulong)length, failure.Found);
            Assert.Equal(length, new FileInfo(file.Path).Length);
        }

        File.WriteAllBytes(file.Path, whole);
        using PersistentArena arena = Open(file.Path);
        Assert.Equal(100_000, ArenaList.Verify(arena));
    }

    [Fact]
    public void Headers_that_lie_with_a_right_checksum_do_no_harm()
    {
        Random random = new(21);
        using TemporaryFile file = Made(50);
        byte[] whole = File.ReadAllBytes(file.Path);
        for (int i = 0; i < 120; i++)
        {
            byte[] bytes = (byte[])whole.Clone();
            for (int slot = 0; slot <= Second; slot += Second)
            {
                int field = 8 * random.Next(1, 8);
                ulong value = random.Next(3) switch
                {
                    0 => (ulong)random.NextInt64(),
                    1 => ulong.MaxValue - (ulong)random.Next(70_000),
                    _ => (ulong)random.Next(4) << random.Next(64),
                };
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(slot + field), value);
                NativeVm.Objects.ArenaHeader header = System.Runtime.InteropServices.MemoryMarshal.Read<NativeVm.Objects.ArenaHeader>(bytes.AsSpan(slot));
                header.Seal();
                System.Runtime.InteropServices.MemoryMarshal.Write(bytes.AsSpan(slot), header);
            }

            File.WriteAllBytes(file.Path, bytes);
            if (PersistentArena.TryOpen(new() { Path = file.Path, Access = MemoryObjectAccess.Read }, out PersistentArena? arena, out PersistentArenaFailure failure))
            {
                Assert.True(arena!.UsedByteCount <= (nuint)whole.Length);
                arena.Dispose();
            }
            else
            {
                Assert.NotEqual(PersistentArenaError.None, failure.Error);
            }
        }
    }

    /// <summary>
    /// The contents of the file at any moment are what a crash of the process leaves; opened again they are the last flush.
    /// </summary>
    [Fact]
    public void Whenever_the_process_dies_the_last_flush_is_there()
    {
        foreach (int seed in (int[])[1, 2])
        {
            Random random = new(seed);
            using TemporaryFile file = new();
            int flushed = 0;
            int length = 0;
            PersistentArena arena = Open(file.Path);
            for (int step = 0; step < 80; step++)
            {
                switch (random.Next(5))
                {
                    case 0:
                        arena.Flush();
                        flushed = length;
                        break;
                    case 1 or 2 or 3:
                        int count = random.Next(1, 3000);
                        ArenaList.Append(arena, count);
                        length += count;
                        break;
                    default:
                        byte[] crashed = Contents(file.Path);
                        arena.Dispose();
                        File.WriteAllBytes(file.Path, crashed);
                        arena = Open(file.Path);
                        Assert.Equal(flushed, ArenaList.Verify(arena));
                        length = flushed;
                        break;
                }
            }

            arena.Dispose();
            using PersistentArena last = Open(file.Path);
            Assert.Equal(length, ArenaList.Verify(last));
        }
    }

    private static TemporaryFile Made(int count)
    {
        TemporaryFile file = new();
        using PersistentArena arena = Open(file.Path);
        ArenaList.Append(arena, count);
        return file;
    }

    private static PersistentArena Open(string path) => PersistentArena.Open(new() { Path = path, MaxByteCount = 32 << 20 });

    private static PersistentArenaFailure Fail(string path, MemoryObjectAccess access = MemoryObjectAccess.ReadWrite)
    {
        Assert.False(PersistentArena.TryOpen(new() { Path = path, Access = access }, out _, out PersistentArenaFailure failure));
        Assert.NotEmpty(failure.ToString());
        return failure;
    }

    private static void Rewrite(TemporaryFile file, Action<byte[]> change)
    {
        byte[] bytes = File.ReadAllBytes(file.Path);
        change(bytes);
        File.WriteAllBytes(file.Path, bytes);
    }

    private static byte[] Contents(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
