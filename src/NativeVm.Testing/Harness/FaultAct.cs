using System.Reflection;

namespace NativeVm.Testing;

/// <summary>One operation of a scenario, ready to be swept.</summary>
public sealed class FaultAct
{
    private static readonly FaultSystems[] AllSystems =
        [FaultSystems.PosixLike, FaultSystems.WindowsLike, FaultSystems.Real];

    private readonly MethodInfo _method;

    internal FaultAct(FaultScenario scenario, MethodInfo method)
    {
        Scenario = scenario;
        _method = method;
    }

    /// <summary>The scenario that it belongs to.</summary>
    public FaultScenario Scenario { get; }

    /// <summary>The names of the scenario and of the act.</summary>
    public string Name => $"{Scenario.GetType().Name}.{_method.Name}";

    internal IEnumerable<CoversAttribute> Covers => _method.GetCustomAttributes<CoversAttribute>();

    /// <summary>Sweeps it on each of its systems.</summary>
    /// <returns>The sum over the systems; nothing for a scenario that says it has none here.</returns>
    /// <exception cref="FaultSweepException">
    /// A refusal was not survived, or the act makes no call that could be refused: then it covers nothing.
    /// </exception>
    public FaultSweepReport Sweep()
    {
        FaultSweepReport total = default;
        foreach (FaultSystems system in AllSystems)
        {
            if ((Scenario.Systems & system) != 0)
            {
                total = total.Add(SweepOn(system));
            }
        }

        return total.InjectedCount > 0 || Scenario.Systems == FaultSystems.None
            ? total
            : throw new FaultSweepException($"{Name} makes no call that could be refused, so it covers nothing.");
    }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    private FaultSweepReport SweepOn(FaultSystems system)
    {
        try
        {
            return Scenario.Sweep(_method, system);
        }
        catch (FaultSweepException exception)
        {
            throw new FaultSweepException($"{Name} on {system}: {exception.Message}", exception);
        }
    }
}
