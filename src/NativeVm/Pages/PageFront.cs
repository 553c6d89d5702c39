using System.Runtime.InteropServices;

namespace NativeVm.Pages;

/// <summary>
/// What a <see cref="PageCache"/> needs most often, two cache lines in memory that never moves: a thread finds its own
/// by one load of a number, where a reference would take four. It lives as long as the cache.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal struct PageFront
{
    /// <summary>
    /// The first page of the run that was taken or freed last, in front of the lists. Its first page is here as well, so
    /// that who allocates at once what he has freed waits for no record to be found.
    /// </summary>
    public nuint Start;

    /// <summary>Its pages while it is free; 0 while it is not.</summary>
    public uint Count;

    /// <summary>The number of its record, which may be another run's when it is not free; 0 for none.</summary>
    public uint Id;

    /// <summary>The state of runs in use that were allocated by the owner.</summary>
    public int AllocatedState;

    /// <summary>1 while the owner is at work.</summary>
    public int Busy;

    /// <summary>What somebody else wants of the owner; 0 for nothing.</summary>
    public int Request;

    /// <summary>1 when the cache has been in use since somebody asked.</summary>
    public int IsUsed;

    /// <summary>Pages of the runs behind the front.</summary>
    public uint BehindCount;

    /// <summary>Pages that may be kept at most.</summary>
    public uint Capacity;
}
