namespace NativeVm.Tool.Traces;

/// <summary>What the names of trace files end in.</summary>
internal static class TraceNames
{
    /// <summary>A file that is compressed with gzip.</summary>
    public const string CompressedSuffix = ".gz";

    /// <summary>A compressed trace of memory calls.</summary>
    public const string Strace = ".strace.gz";
}
