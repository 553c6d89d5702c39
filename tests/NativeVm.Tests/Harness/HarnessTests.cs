using NativeVm.Testing;
using NativeVm.Tests.Harness.Allocators;

namespace NativeVm.Tests.Harness;

/// <summary>Every scenario is swept: every call for pages or for records refused, one after the other and in pairs.</summary>
public sealed class HarnessTests(FaultClosingLine closing) : IClassFixture<FaultClosingLine>
{
    private static readonly FaultCatalog Catalog = FaultCatalog.Find(typeof(HarnessTests).Assembly);

    public static TheoryData<string> Scenarios =>
        [.. Catalog.Acts.Select(ScenarioOf).Distinct().Where(static name => name != nameof(BoundHeapScenario))];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Every_refusal_is_survived(string scenario) => closing.Sweep(Catalog, scenario);

    internal static string ScenarioOf(FaultAct act) => act.Scenario.GetType().Name;
}
