using System.Text;
using NativeVm.Platform;
using NativeVm.Platform.Posix.Native;
using NativeVm.Platform.Posix.Proc;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>The reader of mappings, over files written for it and through buffers of every size.</summary>
public sealed class ProcMapsReaderTests
{
    private static readonly string LongPath = "/" + new string('x', 20_000) + " with blanks (deleted)";

    [CapabilityFact(Needs.Posix)]
    public void Every_line_is_read_whatever_the_buffer_and_the_length_of_the_path()
    {
        string text = $"""
            00400000-00401000 r--p 00000000 08:01 1234                               /bin/a
            00401000-00402000 r-xp 00001000 08:01 1234                               {LongPath}
            7f0000000000-7f0000001000 ---p 00000000 00:00 0{' '}
            7f0000001000-7f0000003000 rw-s 00000000 00:00 0
            7ffe00000000-7ffe00021000 rw-p 00000000 00:00 0                          [stack]
            7ffe00100000-7ffe00101000 rw-p 00000000 00:00 0                          [stack]ed
            ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]

            """;
        ProcMapping[] expected =
        [
            Mapping(0x400000, 0x401000, PageProtection.Read, false),
            Mapping(0x401000, 0x402000, PageProtection.ReadExecute, false),
            Mapping(0x7f0000000000UL, 0x7f0000001000UL, PageProtection.None, false),
            Mapping(0x7f0000001000UL, 0x7f0000003000UL, PageProtection.ReadWrite, false),
            Mapping(0x7ffe00000000UL, 0x7ffe00021000UL, PageProtection.ReadWrite, true),
            Mapping(0x7ffe00100000UL, 0x7ffe00101000UL, PageProtection.ReadWrite, false),
            Mapping(0xffffffffff600000UL, 0xffffffffff601000UL, PageProtection.Execute, false),
        ];
        foreach (int bufferSize in new[] { 1, 2, 3, 7, 64, 4096, 65536 })
        {
            Assert.Equal(expected, Read(text, bufferSize));
        }
    }

    [CapabilityTheory(Needs.Posix)]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("nonsense\n")]
    [InlineData("00400000")]
    [InlineData("00400000-")]
    [InlineData("-00401000 r--p 0 0 0\n")]
    [InlineData("00401000-00400000 r--p 00000000 00:00 0\n")]
    [InlineData("\u0001\u0002\u0003\u00ff")]
    public void What_is_no_mapping_ends_the_reading(string text) => Assert.Empty(Read(text, 16));

    [CapabilityFact(Needs.Posix)]
    public void A_line_that_is_cut_ends_the_reading_after_what_it_says()
    {
        Assert.Single(Read("00400000-00401000 r--p 00000000 08:01 1", 16));
        Assert.Single(Read("00400000-00401000 r--p 00000000 08:01 1234   [sta", 16));
        Assert.Single(Read("00400000-00401000 r-", 16));
    }

    [CapabilityFact(Needs.Posix)]
    public void A_file_that_is_not_there_is_an_error()
    {
        var reader = new ProcMapsReader(new NativePosixBinding(), new byte[16], "/no/such/file\0"u8);
        Assert.NotEqual(0, reader.Error);
        Assert.False(reader.MoveNext());
        reader.Dispose();
    }

    [CapabilityFact(Needs.Linux)]
    public void This_process_is_read_as_the_runtime_reads_it()
    {
        var binding = new NativePosixBinding();
        var reader = new ProcMapsReader(binding, stackalloc byte[ProcMapsReader.BufferSize]);
        int count = 0;
        int stacks = 0;
        nuint last = 0;
        while (reader.MoveNext())
        {
            Assert.True(reader.Current.Start >= last);
            last = reader.Current.End;
            count++;
            stacks += reader.Current.IsStack ? 1 : 0;
        }

        reader.Dispose();
        Assert.Equal(0, reader.Error);
        Assert.InRange(count, 50, int.MaxValue);
        Assert.Equal(1, stacks);
    }

    private static ProcMapping Mapping(ulong start, ulong end, PageProtection protection, bool isStack) =>
        new((nuint)start, (nuint)end, protection, isStack);

    private static List<ProcMapping> Read(string text, int bufferSize)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text.ReplaceLineEndings("\n"));
            var reader = new ProcMapsReader(
                new NativePosixBinding(), new byte[bufferSize], Encoding.UTF8.GetBytes(path + '\0'));
            var mappings = new List<ProcMapping>();
            while (reader.MoveNext())
            {
                mappings.Add(reader.Current);
            }

            reader.Dispose();
            Assert.Equal(0, reader.Error);
            return mappings;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
