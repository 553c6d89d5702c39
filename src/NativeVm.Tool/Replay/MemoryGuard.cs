using NativeVm.Tool.Commands;
using NativeVm.Tool.Reports;

namespace NativeVm.Tool.Replay;

/// <summary>Refuses to touch more memory than there is: the system would end the process, or another one.</summary>
internal static class MemoryGuard
{
    private const double UsableShare = 0.8;

    /// <summary>Makes sure that a trace's pages have room.</summary>
    /// <param name="name">The trace.</param>
    /// <param name="peakByteCount">The most bytes that it touches at once.</param>
    /// <param name="isTouching">Whether the pages will be touched.</param>
    /// <exception cref="ToolException">There is too little memory.</exception>
    public static void RequireRoom(string name, ulong peakByteCount, bool isTouching)
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo(GCKind.Any);
        ulong total = (ulong)memory.TotalAvailableMemoryBytes;
        if (isTouching && peakByteCount > total * UsableShare)
        {
            throw ToolException.Failure(
                $"{name} touches {Quantity.Bytes(peakByteCount)} at once and this process may use "
                + $"{Quantity.Bytes(total)}; replay it with --no-touch.");
        }
    }
}
