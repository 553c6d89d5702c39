using System.Text;
using NativeVm.Tool.Commands;
using NativeVm.Tool.Traces;
using NativeVm.Tool.Traces.Malloc;

namespace NativeVm.Tests.Tool.Traces.Malloc;

public class MallocReaderTests
{
    [Fact]
    public void Pointers_become_slots_that_are_used_again()
    {
        MallocTrace trace = Read("a 1000 10\nm 2000 20 40\nf 1000\na 3000 30\nr 2000 4000 80\nf 4000\n");
        Assert.Equal(
            [
                new MallocStep(MallocStepKind.Allocate, 0, 0, 0x10),
                new MallocStep(MallocStepKind.AllocateAligned, 6, 1, 0x20),
                new MallocStep(MallocStepKind.Free, 0, 0, 0),
                new MallocStep(MallocStepKind.Allocate, 0, 0, 0x30),
                new MallocStep(MallocStepKind.Resize, 0, 1, 0x80),
                new MallocStep(MallocStepKind.Free, 0, 1, 0),
            ],
            trace.Steps);
        Assert.Equal((2, 0xB0ul, 6L, 0L), (trace.SlotCount, trace.PeakByteCount, trace.Tally.LineCount, trace.Tally.SkippedCount));
        Assert.Equal(64ul, trace.Steps[1].Alignment);
    }

    [Theory]
    [InlineData("f 9000", nameof(SkipReason.UnknownAddress))]
    [InlineData("f 0", nameof(SkipReason.UnknownAddress))]
    [InlineData("a 0 10", nameof(SkipReason.Failed))]
    [InlineData("r 1000 0 99", nameof(SkipReason.Failed))]
    [InlineData("a 2000 8000000000000000", nameof(SkipReason.ImpossibleRange))]
    [InlineData("a 2000 ffffffffffffffff", nameof(SkipReason.ImpossibleRange))]
    [InlineData("r 1000 2000 8000000000000000", nameof(SkipReason.ImpossibleRange))]
    [InlineData("m 2000 10 30", nameof(SkipReason.ImpossibleRange))]
    [InlineData("m 2000 10 8000000000000000", nameof(SkipReason.ImpossibleRange))]
    [InlineData("a 10000000000000000 10", nameof(SkipReason.Unparsable))]
    [InlineData("a 2000", nameof(SkipReason.Unparsable))]
    [InlineData("a 2000 10 20", nameof(SkipReason.Unparsable))]
    [InlineData("a  2000 10", nameof(SkipReason.Unparsable))]
    [InlineData("a 2000 -1", nameof(SkipReason.Unparsable))]
    [InlineData("x 2000 10", nameof(SkipReason.Unparsable))]
    [InlineData("f", nameof(SkipReason.Unparsable))]
    public void Lines_that_cannot_have_happened_are_counted_and_left_out(string line, string reason)
    {
        MallocTrace trace = Read($"a 1000 10\n{line}\nf 1000\n");
        Assert.Equal([MallocStepKind.Allocate, MallocStepKind.Free], trace.Steps.Select(step => step.Kind));
        Assert.Equal((1L, 1L), (trace.Tally[Enum.Parse<SkipReason>(reason)], trace.Tally.SkippedCount));
    }

    [Fact]
    public void What_was_lived_before_the_recording_or_lost_in_it_is_made_up_for()
    {
        MallocTrace trace = Read("r 9000 1000 10\na 1000 20\nr 0 2000 8\nr 1000 2000 30\nr 2000 0 0\n");
        Assert.Equal(
            [
                MallocStepKind.Allocate, MallocStepKind.Free, MallocStepKind.Allocate, MallocStepKind.Allocate,
                MallocStepKind.Free, MallocStepKind.Resize, MallocStepKind.Free,
            ],
            trace.Steps.Select(step => step.Kind));
        Assert.Equal(0, trace.Tally.SkippedCount);
    }

    [Fact]
    public void Live_bytes_never_wrap()
    {
        string text = string.Concat(Enumerable.Range(1, 300_000).Select(i => $"a {i:x} 3fffffffffff\n"));
        MallocTrace trace = Read(text);
        Assert.Single(trace.Steps);
        Assert.Equal(299_999, trace.Tally[SkipReason.ImpossibleRange]);
    }

    [Fact]
    public void A_last_line_that_is_cut_off_is_not_used()
    {
        MallocTrace trace = Read("a 1000 10\na 2000 1");
        Assert.True(trace.IsCutOff);
        Assert.Single(trace.Steps);
    }

    [Fact]
    public void Random_calls_replay_as_a_dictionary_of_pointers_would_have_them()
    {
        Random random = new(5);
        Dictionary<ulong, ulong> model = [];
        StringBuilder text = new();
        for (int i = 0; i < 20_000; i++)
        {
            ulong pointer = (ulong)random.Next(1, 400) * 16;
            ulong byteCount = (ulong)random.Next(0, 5000);
            if (model.Remove(pointer))
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"f {pointer:x}\n");
            }
            else
            {
                model.Add(pointer, byteCount);
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a {pointer:x} {byteCount:x}\n");
            }
        }

        MallocTrace trace = Read(text.ToString());
        ulong?[] slots = new ulong?[trace.SlotCount];
        foreach (MallocStep step in trace.Steps)
        {
            Assert.Equal(step.Kind == MallocStepKind.Free, slots[step.Slot].HasValue);
            slots[step.Slot] = step.Kind == MallocStepKind.Free ? null : step.ByteCount;
        }

        Assert.Equal(20_000, trace.Steps.Length);
        Assert.Equal(model.Values.Order(), slots.Where(slot => slot.HasValue).Select(slot => slot!.Value).Order());
    }

    [Theory]
    [InlineData("a 55fd5223e2a0 30\n", true)]
    [InlineData("\r\nf 1\r\n", true)]
    [InlineData("r 0 1 2", true)]
    [InlineData("1 munmap(0x1000, 4096) = 0\n", false)]
    [InlineData("", false)]
    [InlineData("after all\n", false)]
    public void The_first_line_tells_the_kind(string text, bool expected) =>
        Assert.Equal(expected, MallocReader.IsMallocTrace(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_text_without_a_heap_call_is_bad_input()
    {
        ToolException e = Assert.Throws<ToolException>(() => Read("hello\nworld\n"));
        Assert.Equal(ExitCode.BadInput, e.ExitCode);
        Assert.Contains("no heap call", e.Message, StringComparison.Ordinal);
    }

    private static MallocTrace Read(string text) =>
        MallocReader.ReadText(new MemoryStream(Encoding.ASCII.GetBytes(text)), "it");
}
