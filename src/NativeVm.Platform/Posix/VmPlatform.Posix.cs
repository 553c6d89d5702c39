namespace NativeVm.Platform;

public abstract partial class VmPlatform
{
    private static VmPlatform CreatePosix() => throw new PlatformNotSupportedException();
}
