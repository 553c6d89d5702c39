namespace NativeVm.Platform;

/// <summary>
/// What a platform can do beyond what all of them can. Each is found out by trying it once on this machine, never
/// assumed from a version number.
/// </summary>
[Flags]
public enum PlatformCapabilities
{
    /// <summary>Nothing beyond the common ground.</summary>
    None = 0,

    /// <summary>The upper part of a reservation can be released on its own.</summary>
    ReleaseTail = 1,

    /// <summary>
    /// One call may span reservations that lie side by side, and they can be released together. Where this is
    /// missing (Windows), every call stays within one reservation.
    /// </summary>
    RangesSpanReservations = 2,

    /// <summary>A purged page reads as zeros. Where this is missing, it reads as zeros or as what it was.</summary>
    PurgeReadsZero = 4,

    /// <summary>A guard can be put on pages without another mapping.</summary>
    GuardRegions = 8,

    /// <summary>Pages can be made resident by one call, with an error code instead of a crash on shortage.</summary>
    Populate = 16,

    /// <summary>The system chooses a place inside bounds itself, in one call.</summary>
    BoundedReserve = 32,

    /// <summary>Part of a reservation can be replaced by a mapping atomically (Windows placeholders, <c>MAP_FIXED</c>).</summary>
    Placeholders = 64,

    /// <summary>Ranges can be left out of core dumps.</summary>
    ExcludeFromCoreDumps = 128,

    /// <summary>Memory without a name can be made and mapped at several places (<c>memfd_create</c>, a section).</summary>
    SharedMemoryObjects = 256,

    /// <summary>The system has explicit huge pages set aside, and this process may use them.</summary>
    ExplicitHugePages = 512,

    /// <summary>A range can be given a preferred memory node (<c>mbind</c>).</summary>
    PreferredNode = 1024,
}
