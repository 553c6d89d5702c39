namespace NativeVm;

/// <summary>Why a <see cref="PersistentArena"/> could not be opened, grown or flushed.</summary>
public enum PersistentArenaError : byte
{
    /// <summary>It could.</summary>
    None,

    /// <summary>There is no such file, and it was not to be made.</summary>
    NotFound,

    /// <summary>The file may not be written, and was to be.</summary>
    ReadOnly,

    /// <summary>The file is something else.</summary>
    NotAnArena,

    /// <summary>The file is an arena of another version of this library, or of another version of the user's format.</summary>
    OtherVersion,

    /// <summary>Neither of the file's two headers is whole.</summary>
    Damaged,

    /// <summary>The file is shorter than what was flushed to it, or has become shorter while it was open.</summary>
    Truncated,

    /// <summary>The addresses that the arena was made at belong to something else in this process.</summary>
    AddressTaken,

    /// <summary>The arena has no room left.</summary>
    Full,

    /// <summary>The system refused; the refusal says what.</summary>
    Refused,
}
