namespace NativeVm.Platform;

/// <summary>A request to the system, as <see cref="VmPlatform"/> names them.</summary>
public enum SystemOperation : byte
{
    /// <summary>No operation.</summary>
    None,

    /// <summary>Take addresses.</summary>
    Reserve,

    /// <summary>Give addresses back.</summary>
    Release,

    /// <summary>Give the upper addresses of a reservation back.</summary>
    ReleaseTail,

    /// <summary>Put memory behind addresses.</summary>
    Commit,

    /// <summary>Take the memory from behind addresses.</summary>
    Decommit,

    /// <summary>Give pages back and keep the range committed.</summary>
    Purge,

    /// <summary>Change what may be done to pages.</summary>
    Protect,

    /// <summary>Say what is expected of a range.</summary>
    Advise,

    /// <summary>Make pages resident ahead of use.</summary>
    Prefault,

    /// <summary>Keep pages resident.</summary>
    Lock,

    /// <summary>Undo <see cref="Lock"/>.</summary>
    Unlock,

    /// <summary>Ask what the system has at an address.</summary>
    Query,

    /// <summary>Ask how much of a range is resident.</summary>
    QueryResident,

    /// <summary>Count the system's mappings in a range.</summary>
    CountMappings,

    /// <summary>Ask for the figures of the whole process.</summary>
    QueryProcess,
}
