namespace NativeVm.Platform;

public abstract partial class VmPlatform
{
    private static VmPlatform CreateWindows() => throw new PlatformNotSupportedException();
}
