using System.Text;
using NativeVm.Tool.Traces.Strace;

namespace NativeVm.Tests.Tool.Traces;

public class ByteLineReaderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("a\n", "a")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("\n\na", "||a")]
    [InlineData("12345678\n9", "12345678|9")]
    [InlineData("123456789\nab\n", "12345678|ab")]
    [InlineData("12345678901234567890\nab", "12345678|ab")]
    [InlineData("12345678901234567890", "12345678")]
    public void Lines_come_whole_or_cut_to_the_buffer(string text, string expected)
    {
        foreach (int chunk in (int[])[1, 3, 100])
        {
            using Stream stream = new ChunkedStream(Encoding.ASCII.GetBytes(text), chunk);
            ByteLineReader reader = new(stream, capacity: 8);
            List<string> lines = [];
            while (reader.TryRead(out ReadOnlySpan<byte> line))
            {
                lines.Add(Encoding.ASCII.GetString(line));
            }

            Assert.Equal(expected, string.Join('|', lines));
        }
    }

    [Theory]
    [InlineData("a\n", false)]
    [InlineData("a\nb", true)]
    [InlineData("", false)]
    public void A_line_without_an_end_is_told(string text, bool expected)
    {
        using MemoryStream stream = new(Encoding.ASCII.GetBytes(text));
        ByteLineReader reader = new(stream);
        while (reader.TryRead(out _))
        {
            Assert.False(reader.EndedWithinLine && !expected);
        }

        Assert.Equal(expected, reader.EndedWithinLine);
    }

    private sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, chunk));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, chunk)]);
    }
}
