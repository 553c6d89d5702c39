using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Memory;

/// <summary>A stream on real pages: a write that is refused has written nothing.</summary>
public sealed class StreamScenario : NativeScenario<VmStream>
{
    private const int Before = 1000;
    private const int Added = 5 << 20;

    public override FaultSystems Systems => FaultSystems.Real;

    public override VmStream SetUp(FaultPlatforms platforms)
    {
        VmStream stream = new(new VmStreamOptions
        {
            MaxByteCount = 16 << 20,
            Platform = platforms.Pages,
            MetadataPlatform = platforms.Metadata,
        });
        byte[] bytes = new byte[Before];
        bytes.AsSpan().Fill(7);
        stream.Write(bytes);
        return stream;
    }

    public override void Verify(VmStream state, bool succeeded)
    {
        Assert.True(succeeded ? state.Length > Before : state.Length == Before);
        long position = state.Position;
        byte[] bytes = new byte[Before];
        state.Position = 0;
        state.ReadExactly(bytes);
        state.Position = position;
        Assert.Equal(-1, bytes.AsSpan().IndexOfAnyExcept((byte)7));
    }

    [Covers(typeof(VmStream), "Write(ReadOnlySpan<byte>)")]
    public static bool WriteSpan(VmStream state)
    {
        state.Write(new byte[Added].AsSpan());
        return true;
    }

    [Covers(typeof(VmStream), "Write(byte[], int, int)")]
    public static bool WriteArray(VmStream state)
    {
        state.Write(new byte[Added], 0, Added);
        return true;
    }

    [Covers(typeof(VmStream), nameof(VmStream.WriteByte))]
    public static bool WriteByte(VmStream state)
    {
        state.Position = Added;
        state.WriteByte(1);
        return true;
    }

    [Covers(typeof(VmStream), "WriteAsync(ReadOnlyMemory<byte>, CancellationToken)")]
    public static bool WriteAsync(VmStream state)
    {
        state.WriteAsync(new byte[Added].AsMemory(), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return true;
    }

    [Covers(typeof(VmStream), "WriteAsync(byte[], int, int, CancellationToken)")]
    public static bool WriteArrayAsync(VmStream state)
    {
        state.WriteAsync(new byte[Added], 0, Added, CancellationToken.None).GetAwaiter().GetResult();
        return true;
    }

    [Covers(typeof(VmStream), nameof(VmStream.SetLength))]
    public static bool SetLength(VmStream state)
    {
        state.SetLength(Added);
        return true;
    }
}
