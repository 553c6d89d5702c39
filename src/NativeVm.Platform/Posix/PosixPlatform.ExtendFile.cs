using NativeVm.Platform.Posix.Native;
using NativeVm.Platform.Posix.Objects;

namespace NativeVm.Platform.Posix;

internal sealed partial class PosixPlatform
{
    /// <inheritdoc/>
    protected override SystemReply ExtendFileCore(MemoryObjectHandle handle, ulong byteCount)
    {
        PosixObjectHandle own = Own(handle);
        bool isHeld = false;
        try
        {
            own.DangerousAddRef(ref isHeld);
            if (own.Access == MemoryObjectAccess.Read)
            {
                return Refused(
                    SystemOperation.ExtendFile, 0, (nuint)byteCount, RefusalReason.AccessDenied, ErrorNumbers.AccessDenied);
            }

            int error = _binding.Length(own.File, out ulong length);
            error = error == 0 && length < byteCount ? _binding.SetLength(own.File, byteCount) : error;
            return Reply(SystemOperation.ExtendFile, 0, (nuint)byteCount, error);
        }
        finally
        {
            Release(own, isHeld);
        }
    }
}
