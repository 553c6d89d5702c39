using NativeVm.Testing;
using NativeVm.Tests.Callbacks;
using NativeVm.Tests.Harness.Allocators;

namespace NativeVm.Tests.Harness;

/// <summary>The scenario that binds a heap for the whole process is swept when no other test does so.</summary>
[Collection(nameof(BoundHeapTests))]
public sealed class BoundHarnessTests(FaultClosingLine closing) : IClassFixture<FaultClosingLine>
{
    [Fact]
    public void Every_refusal_is_survived() =>
        closing.Sweep(FaultCatalog.Find(typeof(BoundHarnessTests).Assembly), nameof(BoundHeapScenario));
}
