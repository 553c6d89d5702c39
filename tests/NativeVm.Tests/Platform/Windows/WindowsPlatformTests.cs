using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Windows;

/// <summary>The contract of every real platform, over Windows or what passes for it.</summary>
[ClassNeeds(Needs.Windows)]
public sealed class WindowsPlatformTests : RealPlatformContractTests
{
    private protected override VmPlatform Subject => VmPlatform.Current;
}
