using NativeVm.Platform;
using NativeVm.Platform.Posix;
using NativeVm.Platform.Posix.Native;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>The platform over our own declarations.</summary>
[ClassNeeds(Needs.Posix)]
public sealed class PosixNativePlatformTests : PosixPlatformContractTests
{
    private static readonly Lazy<VmPlatform> Platform = new(() => new PosixPlatform(new NativePosixBinding()));

    private protected override VmPlatform Subject => Platform.Value;

    [CapabilityFact]
    public void Its_name_says_which_binding_it_is() => Assert.EndsWith("(libc)", Subject.Name, StringComparison.Ordinal);
}
