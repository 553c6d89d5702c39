namespace NativeVm;

/// <summary>What an entry of a map is.</summary>
public enum VmEntryKind : byte
{
    /// <summary>Memory of the map's user.</summary>
    Normal,

    /// <summary>A stack: it owns a growth reserve directly below its lowest piece.</summary>
    Stack,

    /// <summary>Pages that fault on every access, to catch overruns.</summary>
    Guard,

    /// <summary>A range handed to a child map.</summary>
    Submap,

    /// <summary>A range that somebody else mapped where the map wanted to grow. The map never touches its pages.</summary>
    Foreign,
}
