using NativeVm.Platform.Posix;
using NativeVm.Platform.Posix.Native;

namespace NativeVm.Platform;

public abstract partial class VmPlatform
{
    private static PosixPlatform CreatePosix()
    {
        if (!Environment.Is64BitProcess)
        {
            throw new PlatformNotSupportedException("NativeVm needs a 64-bit process on POSIX systems.");
        }

        return new PosixPlatform((PosixBinding?)MonoPosixBinding.TryCreate() ?? new NativePosixBinding());
    }
}
