namespace NativeVm.Platform;

/// <summary>Where a write to a mapping goes.</summary>
public enum MappingSharing : byte
{
    /// <summary>
    /// To the writer's own copy of the page, made at the first write. All anonymous memory is of this kind. A page
    /// of an object that has not been written yet shows what is written to the object meanwhile on most systems, and
    /// need not on others.
    /// </summary>
    CopyOnWrite,

    /// <summary>To the object, and so to every other shared mapping of the same bytes.</summary>
    Shared,
}
