using NativeVm.Platform.Windows.Objects;
using static TerraFX.Interop.Windows.ERROR;

namespace NativeVm.Platform.Windows;

internal sealed unsafe partial class WindowsPlatform
{
    /// <remarks>A section keeps the length that it was made with, so there is another one; views keep the old one alive.</remarks>
    protected override SystemReply ExtendFileCore(MemoryObjectHandle handle, ulong byteCount)
    {
        const SystemOperation Operation = SystemOperation.ExtendFile;
        WindowsObjectHandle own = Own(handle);
        bool isHeld = false;
        try
        {
            own.DangerousAddRef(ref isHeld);
            if (own.Access == MemoryObjectAccess.Read)
            {
                return Refusal(Operation, 0, (nuint)byteCount, ERROR_ACCESS_DENIED);
            }

            if (byteCount <= own.SectionByteCount)
            {
                return SystemReply.Success;
            }

            int error = SectionOf(own.File, own.Access, ref byteCount, out nint section);
            if (error != ERROR_SUCCESS)
            {
                return Refusal(Operation, 0, (nuint)byteCount, error);
            }

            own.TakeSection(section, byteCount);
            return SystemReply.Success;
        }
        finally
        {
            Release(own, isHeld);
        }
    }
}
