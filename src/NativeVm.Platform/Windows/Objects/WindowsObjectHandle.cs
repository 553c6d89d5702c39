using System.Runtime.Versioning;
using NativeVm.Platform.Windows.Native;

namespace NativeVm.Platform.Windows.Objects;

/// <summary>An object of Windows: a section, with its file when it has one.</summary>
[SupportedOSPlatform("windows10.0")]
internal sealed class WindowsObjectHandle : MemoryObjectHandle
{
    private readonly WindowsBinding _system;

    public const nint None = 0;

    /// <summary>An object that is open.</summary>
    /// <param name="system">The system that has it.</param>
    /// <param name="file">The file, or <see cref="None"/>.</param>
    /// <param name="section">The section, or <see cref="None"/> for a file of length 0, which can have none.</param>
    /// <param name="access">What shared mappings of it may do.</param>
    /// <param name="byteCount">Its length in bytes.</param>
    /// <param name="name">The name to show people.</param>
    public WindowsObjectHandle(
        WindowsBinding system, nint file, nint section, MemoryObjectAccess access, ulong byteCount, string name)
        : base(None, file == None ? MemoryObjectKind.SharedMemory : MemoryObjectKind.File, access, byteCount, name)
    {
        _system = system;
        File = file;
        Section = section;
        SectionByteCount = byteCount;
        SetHandle(section != None ? section : file);
    }

    public nint File { get; }

    public nint Section { get; private set; }

    /// <summary>How much of the object can be mapped.</summary>
    public ulong SectionByteCount { get; private set; }

    /// <summary>A longer section takes the place of the one before, which only its views keep alive.</summary>
    public void TakeSection(nint section, ulong byteCount)
    {
        _ = Section == None || _system.CloseHandle(Section);
        Section = section;
        SectionByteCount = byteCount;
        SetHandle(section);
    }

    public override bool IsInvalid => handle == None;

    protected override bool ReleaseHandle()
    {
        bool isClosed = Section == None || _system.CloseHandle(Section);
        return (File == None || _system.CloseHandle(File)) && isClosed;
    }
}
