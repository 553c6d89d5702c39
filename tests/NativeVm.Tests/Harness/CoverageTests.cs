using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Harness;

/// <summary>No public operation is without a scenario that refuses its calls, or a reason why there are none.</summary>
public sealed class CoverageTests
{
    [Fact]
    public void Every_public_operation_is_swept_or_cannot_reach_the_system()
    {
        FaultCatalog catalog = FaultCatalog.Find(typeof(CoverageTests).Assembly);
        string[] uncovered =
            [.. catalog.FindUncovered(typeof(VmMap).Assembly), .. catalog.FindUncovered(typeof(VmPlatform).Assembly)];
        Assert.True(uncovered.Length == 0, string.Join('\n', uncovered));
    }
}
