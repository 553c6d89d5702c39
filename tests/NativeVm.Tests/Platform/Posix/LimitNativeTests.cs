using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>The limits over our own declarations.</summary>
[ClassNeeds(Needs.Posix)]
public sealed class LimitNativeTests : LimitContractTests
{
    private protected override string Binding => LimitScenarios.Native;
}
