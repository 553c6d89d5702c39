using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>The limits over Mono.Posix.</summary>
[ClassNeeds(Needs.MonoPosix)]
public sealed class LimitMonoTests : LimitContractTests
{
    private protected override string Binding => LimitScenarios.Mono;
}
