using System.Text.Json;
using NativeVm.Tool.Profiling;
using NativeVm.Tool.Profiling.Hosts;
using NativeVm.Tool.Reports;

namespace NativeVm.Tests.Tool.Profiling.Hosts;

public class LaneServerTests
{
    private static readonly LaneRequest Request = new()
    {
        Workload = "block-pair",
        Title = "64 B",
        Allocator = "NativeMemory",
        Settings = new ProfileSettings { Sizes = [64], Duration = TimeSpan.FromSeconds(1) },
    };

    [Fact]
    public void Orders_are_obeyed_until_they_end()
    {
        (int exitCode, BinaryReader answers) = Serve(Request, writer =>
        {
            writer.Write(LaneWire.WarmUp);
            writer.Write(LaneWire.Run);
            writer.Write(0.001);
        });
        Assert.Equal(0, exitCode);
        Assert.Equal(LaneWire.Done, answers.ReadByte());
        Assert.True(double.IsNaN(answers.ReadDouble()));
        Assert.False(answers.ReadBoolean());
        Assert.Equal(LaneWire.Done, answers.ReadByte());
        Assert.InRange(answers.ReadInt64(), 1, 1 << 20);
        Assert.Equal(LaneWire.Done, answers.ReadByte());
        LaneSlice slice = LaneWire.ReadSlice(answers);
        Assert.All(slice.Samples, sample => Assert.True(sample > 0));
        Assert.Null(slice.SystemCallCount);
    }

    [Theory]
    [InlineData("block-pair", "64 B", "frob")]
    [InlineData("block-pair", "65 B", "NativeMemory")]
    [InlineData("frob", "64 B", "NativeMemory")]
    public void What_is_not_there_is_told_in_a_line(string workload, string title, string allocator)
    {
        (int exitCode, BinaryReader answers) =
            Serve(Request with { Workload = workload, Title = title, Allocator = allocator }, _ => { });
        Assert.Equal(1, exitCode);
        Assert.Equal(LaneWire.Failed, answers.ReadByte());
        Assert.DoesNotContain('\n', answers.ReadString());
    }

    [Fact]
    public void A_slice_comes_through_the_wire_as_it_was()
    {
        LaneSlice slice = new([1.5, 2.5], 7, null, 9);
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        LaneWire.Write(writer, slice);
        stream.Position = 0;
        LaneSlice read = LaneWire.ReadSlice(new BinaryReader(stream));
        Assert.Equal(slice.Samples, read.Samples);
        Assert.Equal((7L, null, 9UL), (read.SystemCallCount, read.PageFaultCount, read.ResidentPeak));
    }

    private static (int ExitCode, BinaryReader Answers) Serve(LaneRequest request, Action<BinaryWriter> write)
    {
        MemoryStream orders = new();
        BinaryWriter writer = new(orders);
        writer.Write(JsonSerializer.Serialize(request, ToolJsonContext.Default.LaneRequest));
        write(writer);
        orders.Position = 0;
        MemoryStream answers = new();
        int exitCode = LaneServer.Serve(new BinaryReader(orders), new BinaryWriter(answers));
        answers.Position = 0;
        return (exitCode, new BinaryReader(answers));
    }
}
