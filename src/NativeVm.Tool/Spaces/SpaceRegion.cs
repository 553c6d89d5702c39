using NativeVm.Tool.Drawing;
using NativeVm.Tool.Traces;

namespace NativeVm.Tool.Spaces;

/// <summary>A run of addresses that a process has mapped, and what is known of it. All lengths are in bytes.</summary>
/// <param name="Start">The first address.</param>
/// <param name="End">The first address after the run.</param>
/// <param name="Access">What the process may do there.</param>
internal sealed record SpaceRegion(ulong Start, ulong End, TraceProtection Access)
{
    /// <summary>The file or the purpose, as the system names it; empty for anonymous memory.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Whether what is written there is seen by others, and by the file.</summary>
    public bool IsShared { get; init; }

    /// <summary>What is in physical memory, huge pages of hugetlbfs included.</summary>
    public ulong Resident { get; init; }

    /// <summary>What is in physical memory for this process alone because it was written.</summary>
    public ulong PrivateDirty { get; init; }

    /// <summary>What is in huge pages.</summary>
    public ulong Huge { get; init; }

    /// <summary>What has been swapped out.</summary>
    public ulong Swapped { get; init; }

    /// <summary>What is locked in physical memory.</summary>
    public ulong Locked { get; init; }

    /// <summary>Length.</summary>
    public ulong ByteCount => End - Start;

    /// <summary>How a picture shows it.</summary>
    public CellKind Kind => Access switch
    {
        TraceProtection.None => CellKind.Reserved,
        _ when Access.HasFlag(TraceProtection.Execute) => CellKind.Executable,
        _ when Access.HasFlag(TraceProtection.Write) => CellKind.ReadWrite,
        _ => CellKind.ReadOnly,
    };

    /// <summary>The access as <c>ls</c> and <c>/proc/PID/maps</c> write it: <c>rw-p</c>, <c>r-xs</c>.</summary>
    public string AccessText => string.Create(4, this, static (text, region) =>
    {
        text[0] = region.Access.HasFlag(TraceProtection.Read) ? 'r' : '-';
        text[1] = region.Access.HasFlag(TraceProtection.Write) ? 'w' : '-';
        text[2] = region.Access.HasFlag(TraceProtection.Execute) ? 'x' : '-';
        text[3] = region.IsShared ? 's' : 'p';
    });
}
