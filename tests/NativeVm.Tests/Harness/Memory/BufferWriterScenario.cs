using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Memory;

/// <summary>A writer on real pages: what was written stays, as long as it was.</summary>
public sealed class BufferWriterScenario : NativeScenario<VmBufferWriter>
{
    private const int Written = 1000;

    public override FaultSystems Systems => FaultSystems.Real;

    public override VmBufferWriter SetUp(FaultPlatforms platforms)
    {
        VmBufferWriter writer = new(new VmBufferWriterOptions
        {
            MaxByteCount = 8 << 20,
            Platform = platforms.Pages,
            MetadataPlatform = platforms.Metadata,
        });
        writer.GetSpan(2 << 20);
        writer.GetSpan(Written)[..Written].Fill(7);
        writer.Advance(Written);
        return writer;
    }

    public override void Verify(VmBufferWriter state, bool succeeded)
    {
        Assert.Equal((nuint)Written, state.WrittenByteCount);
        Assert.Equal(-1, state.WrittenSpan.IndexOfAnyExcept((byte)7));
    }

    [Covers(typeof(VmBufferWriter), nameof(VmBufferWriter.GetSpan))]
    public static bool GetSpan(VmBufferWriter state) => state.GetSpan(5 << 20).Length >= 5 << 20;

    [Covers(typeof(VmBufferWriter), nameof(VmBufferWriter.GetMemory))]
    public static bool GetMemory(VmBufferWriter state) => state.GetMemory(5 << 20).Length >= 5 << 20;

    [Covers(typeof(VmBufferWriter), nameof(VmBufferWriter.Trim))]
    public static bool Trim(VmBufferWriter state) => state.Trim().IsSuccess;

    [EndsState]
    [Covers(typeof(VmBufferWriter), nameof(VmBufferWriter.Dispose))]
    public static bool Dispose(VmBufferWriter state)
    {
        state.Dispose();
        return true;
    }
}
