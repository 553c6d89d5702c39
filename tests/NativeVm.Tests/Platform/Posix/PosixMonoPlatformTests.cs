using NativeVm.Platform;
using NativeVm.Platform.Posix;
using NativeVm.Platform.Posix.Native;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>The platform over Mono.Posix.</summary>
[ClassNeeds(Needs.MonoPosix)]
public sealed class PosixMonoPlatformTests : PosixPlatformContractTests
{
    private static readonly Lazy<VmPlatform> Platform = new(() => new PosixPlatform(MonoPosixBinding.TryCreate()!));

    private protected override VmPlatform Subject => Platform.Value;

    [CapabilityFact]
    public void Its_name_says_which_binding_it_is() => Assert.EndsWith("(Mono.Posix)", Subject.Name, StringComparison.Ordinal);

    [CapabilityFact]
    public void It_is_the_one_that_is_chosen() => Assert.Equal(Subject.Name, VmPlatform.Current.Name);
}
