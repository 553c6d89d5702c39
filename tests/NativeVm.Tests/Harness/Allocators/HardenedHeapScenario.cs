using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>A heap with every hardening.</summary>
public sealed class HardenedHeapScenario() : HeapScenario(VmHeapHardening.All)
{
    public override FaultSystems Systems => FaultSystems.Real;
}
