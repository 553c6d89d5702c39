namespace NativeVm.Platform.Posix.Native;

/// <summary>
/// Our own declarations for everything: for musl, macOS on arm64 and wherever else Mono's native helper is missing.
/// </summary>
/// <remarks>Not sealed, so that tests can be a system that is older, poorer or out of memory.</remarks>
internal class NativePosixBinding : PosixBinding
{
    public override string Name => "libc";

    protected override nuint PageSizeCore() => (nuint)LibC.Configuration(PosixConstants.ConfigurationPageSize);

    protected override int MapCore(nuint address, nuint byteCount, bool replace, out nuint mapped) =>
        MapDirectly(address, byteCount, replace ? PosixConstants.MapFixed : 0, out mapped);

    protected override int UnmapCore(nuint address, nuint byteCount) => Answer(LibC.Unmap(address, byteCount));

    protected override int ProtectCore(nuint address, nuint byteCount, int protection) =>
        Answer(LibC.Protect(address, byteCount, protection));

    protected override int LockCore(nuint address, nuint byteCount) => Answer(LibC.Lock(address, byteCount));

    protected override int UnlockCore(nuint address, nuint byteCount) => Answer(LibC.Unlock(address, byteCount));
}
