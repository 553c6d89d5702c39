using NativeVm.Testing;

namespace NativeVm.Tests.Harness;

/// <summary>Every scenario is swept: every call for pages or for records refused, one after the other and in pairs.</summary>
public sealed class HarnessTests(FaultClosingLine closing) : IClassFixture<FaultClosingLine>
{
    private static readonly FaultCatalog Catalog = FaultCatalog.Find(typeof(HarnessTests).Assembly);

    public static TheoryData<string> Scenarios => [.. Catalog.Acts.Select(ScenarioOf).Distinct()];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Every_refusal_is_survived(string scenario)
    {
        List<string> failures = [];
        foreach (FaultAct act in Catalog.Acts.Where(act => ScenarioOf(act) == scenario))
        {
            if (!closing.Tally.Sweep(act))
            {
                failures.Add(closing.Tally.Failures.Last(failure => failure.StartsWith(act.Name, StringComparison.Ordinal)));
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    private static string ScenarioOf(FaultAct act) => act.Scenario.GetType().Name;
}
