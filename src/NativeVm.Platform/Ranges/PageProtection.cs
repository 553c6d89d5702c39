namespace NativeVm.Platform;

/// <summary>
/// What may be done to the pages of a range, as <c>mprotect(2)</c> and <c>VirtualProtect</c> know it.
/// </summary>
/// <remarks>
/// <see cref="Write"/> together with <see cref="Execute"/> is refused with an argument exception: code that is
/// generated gets one writable and one executable view of the same memory instead. A range that is writable is
/// also readable, because no system of ours can offer one that is not.
/// </remarks>
[Flags]
public enum PageProtection : byte
{
    /// <summary>Every access faults.</summary>
    None = 0,

    /// <summary>The pages can be read.</summary>
    Read = 1,

    /// <summary>The pages can be written, and therefore read.</summary>
    Write = 2,

    /// <summary>The pages can be executed.</summary>
    Execute = 4,

    /// <summary>The pages can be read and written.</summary>
    ReadWrite = Read | Write,

    /// <summary>The pages can be read and executed.</summary>
    ReadExecute = Read | Execute,
}
