namespace NativeVm;

/// <summary>What a <see cref="LinearArena"/> does to find overruns and uses after a rewind. Every one costs time and memory.</summary>
[Flags]
public enum ArenaChecks
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>
    /// Behind each allocation lie 16 bytes or more of <see cref="LinearArena.RedZoneByte"/>, which are looked at when it
    /// is given up and by <see cref="LinearArena.CheckRedZones"/>. Unless it has to be zero, memory is filled
    /// with <see cref="LinearArena.FreshByte"/> when it is handed out and with <see cref="LinearArena.GivenUpByte"/>
    /// afterwards.
    /// </summary>
    FillPatterns = 1,

    /// <summary>
    /// Each allocation has pages of its own and ends where a page ends, as closely as its alignment allows; the next
    /// page is not committed, and neither are the pages after a rewind, so that a wrong access faults at once. An
    /// allocation costs a system call and two mappings: for thousands of live allocations, not for millions.
    /// </summary>
    Guards = 2,
}
