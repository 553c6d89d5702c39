namespace NativeVm.Tool.Profiling.Hosts;

/// <summary>What goes through the pipes between a profile and the processes of its lanes.</summary>
internal static class LaneWire
{
    /// <summary>Order: run a batch of the warm-up. Answer: the size of a batch.</summary>
    public const byte WarmUp = 1;

    /// <summary>Order: run a slice; its length in seconds follows. Answer: a <see cref="LaneSlice"/>.</summary>
    public const byte Run = 2;

    /// <summary>The answer follows.</summary>
    public const byte Done = 0;

    /// <summary>A line that tells why there is none follows.</summary>
    public const byte Failed = 1;

    /// <summary>Writes a slice.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="slice">The slice.</param>
    public static void Write(BinaryWriter writer, in LaneSlice slice)
    {
        writer.Write(slice.Samples.Length);
        foreach (double sample in slice.Samples)
        {
            writer.Write(sample);
        }

        Write(writer, slice.SystemCallCount);
        Write(writer, (long?)slice.PageFaultCount);
        Write(writer, (long?)slice.ResidentPeak);
    }

    /// <summary>Reads a slice.</summary>
    /// <param name="reader">Where from.</param>
    public static LaneSlice ReadSlice(BinaryReader reader)
    {
        double[] samples = new double[reader.ReadInt32()];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = reader.ReadDouble();
        }

        return new LaneSlice(samples, ReadOptional(reader), (ulong?)ReadOptional(reader), (ulong?)ReadOptional(reader));
    }

    private static void Write(BinaryWriter writer, long? value) => writer.Write(value ?? -1);

    private static long? ReadOptional(BinaryReader reader) => reader.ReadInt64() is >= 0 and long value ? value : null;
}
