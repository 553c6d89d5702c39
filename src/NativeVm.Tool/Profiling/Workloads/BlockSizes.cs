namespace NativeVm.Tool.Profiling.Workloads;

/// <summary>The lengths of small blocks.</summary>
internal static class BlockSizes
{
    /// <summary>The shortest, in bytes.</summary>
    public const int Smallest = 16;

    /// <summary>The longest, in bytes.</summary>
    public const int Largest = 1024;

    /// <summary>The longest that is taken for a small block when asked for, in bytes.</summary>
    public const ulong LargestAsked = 32 << 10;

    /// <summary>What a case of mixed lengths is called.</summary>
    public const string Title = "16-1,024 B";
}
