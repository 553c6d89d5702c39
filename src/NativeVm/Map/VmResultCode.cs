namespace NativeVm;

/// <summary>The kernel's codes for an operation on a map (<c>KERN_SUCCESS</c> and its kin of vm_map(9)).</summary>
public enum VmResultCode : byte
{
    /// <summary>Done.</summary>
    Success,

    /// <summary>No free range fits, or the range asked for is taken.</summary>
    NoSpace,

    /// <summary>The range lies outside the map, is empty or wraps, or has a hole where none may be.</summary>
    InvalidAddress,

    /// <summary>An argument has a value that the operation does not know.</summary>
    InvalidArgument,

    /// <summary>An entry's maximum protection forbids it.</summary>
    ProtectionFailure,

    /// <summary>The system refused, or memory for the metadata ran out.</summary>
    ResourceShortage,
}
