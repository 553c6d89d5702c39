using NativeVm.Platform.Posix.Native;

namespace NativeVm.Platform.Posix.Objects;

/// <summary>An object of POSIX: a file descriptor.</summary>
internal sealed class PosixObjectHandle : MemoryObjectHandle
{
    private const int NoDescriptor = -1;

    private readonly PosixBinding _binding;

    public PosixObjectHandle(
        PosixBinding binding, int file, MemoryObjectKind kind, MemoryObjectAccess access, ulong byteCount, string name)
        : base(NoDescriptor, kind, access, byteCount, name)
    {
        _binding = binding;
        SetHandle(file);
    }

    public override bool IsInvalid => handle == NoDescriptor;

    /// <summary>The descriptor; valid while the handle is referenced.</summary>
    public int File => (int)DangerousGetHandle();

    // The changes of mappings do not go through the descriptor, so a close that fails loses none of them.
    protected override bool ReleaseHandle()
    {
        _binding.CloseFile((int)handle);
        return true;
    }
}
