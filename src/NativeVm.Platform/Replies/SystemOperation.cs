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

    /// <summary>Make memory that can be mapped at several places.</summary>
    CreateSharedMemory,

    /// <summary>Open a file to be mapped.</summary>
    OpenFile,

    /// <summary>Ask how long an object is.</summary>
    GetObjectByteCount,

    /// <summary>Replace part of a reservation by an object.</summary>
    MapObject,

    /// <summary>Map an object at free addresses.</summary>
    MapObjectAnywhere,

    /// <summary>Put reserved addresses in the place of an object.</summary>
    UnmapObject,

    /// <summary>Give back what was mapped at free addresses.</summary>
    ReleaseObject,

    /// <summary>Write changed pages back to their file.</summary>
    Synchronize,

    /// <summary>Wait until a file is on its device.</summary>
    SynchronizeObject,

    /// <summary>Make every access to pages fault.</summary>
    InstallGuard,

    /// <summary>Undo <see cref="InstallGuard"/>.</summary>
    RemoveGuard,

    /// <summary>Say what a child process sees of a range.</summary>
    SetInheritance,

    /// <summary>Take addresses whose parts can be replaced.</summary>
    ReservePlaceholder,

    /// <summary>Put explicit huge pages behind addresses.</summary>
    CommitHugePages,

    /// <summary>Say on which memory node pages should lie.</summary>
    SetPreferredNode,

    /// <summary>Ask which pages of a copy-on-write mapping are copies.</summary>
    QueryCopiedPages,

    /// <summary>Make written code the code that is fetched.</summary>
    PublishCode,

    /// <summary>Make a file longer.</summary>
    ExtendFile,
}
