using System.Reflection;

namespace NativeVm.Testing;

/// <summary>
/// Operations that are swept over one kind of state: every call that they make, for pages and for the memory of
/// records, is refused, one after the other and in pairs of neighbours.
/// </summary>
/// <typeparam name="TState">
/// What the operations work on, made anew for every run; disposed of afterwards when it is disposable, and then nothing
/// may stay reserved.
/// </typeparam>
/// <remarks>
/// <para>
/// Each act is a public method, static or not, that takes the state, does one operation and says whether that
/// succeeded. Its <see cref="CoversAttribute"/> names the operation. <see cref="FaultCatalog"/> finds the scenarios of
/// an assembly, which have a constructor without parameters, and tells which operations have none.
/// </para>
/// <code>
/// public sealed class EngineScenario : FaultScenario&lt;Engine&gt;
/// {
///     public override Engine SetUp(FaultPlatforms platforms) => new(platforms.Pages, platforms.Metadata);
///
///     public override void Verify(Engine engine, bool succeeded) => engine.CheckEverything();
///
///     [Covers(typeof(Engine), nameof(Engine.TryLoad))]
///     public static bool Load(Engine engine) => engine.TryLoad();
/// }
/// </code>
/// </remarks>
public abstract class FaultScenario<TState> : FaultScenario
{
    /// <summary>Makes the state of one run; nothing is refused meanwhile.</summary>
    /// <param name="platforms">Where its pages and its records come from.</param>
    public abstract TState SetUp(FaultPlatforms platforms);

    /// <summary>
    /// Throws when the state is not what it should be after an act, and after the repetition of one that failed.
    /// Nothing is refused meanwhile.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="succeeded">Whether the act succeeded; after a failure the state should be what it was.</param>
    public abstract void Verify(TState state, bool succeeded);

    internal override FaultSweepReport Sweep(MethodInfo act, FaultSystems system)
    {
        SweepOperation<TState> operation = new(
            SetUp,
            act.IsStatic ? act.CreateDelegate<Func<TState, bool>>() : act.CreateDelegate<Func<TState, bool>>(this),
            Verify)
        {
            IsRefusal = IsRefusal,
            KeptReservationCount = KeptReservationCount,
            IsFinal = act.IsDefined(typeof(EndsStateAttribute), false),
        };
        FaultSweepOptions options = new()
        {
            CreatePlatform = () => CreatePlatform(system),
            CountsQueries = true,
            Patterns = Patterns,
        };
        return new SweepRunner<TState>(options, operation).Run();
    }
}
