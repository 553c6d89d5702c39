using NativeVm.Testing;

namespace NativeVm.Tests.Harness;

/// <summary>
/// Operations of an object that owns a map: after each the map is whole and its figures are the system's; after a
/// refusal the entries, the pages and the object's figures are what they were.
/// </summary>
public abstract class OwnerScenario<T> : NativeScenario<OwnerState<T>>
    where T : IDisposable
{
    public sealed override OwnerState<T> SetUp(FaultPlatforms platforms) =>
        new(platforms, Make(platforms), MapOf, FiguresOf);

    public sealed override void Verify(OwnerState<T> state, bool succeeded)
    {
        state.Verify(succeeded);
        Check(state.Owner);
    }

    protected abstract T Make(FaultPlatforms platforms);

    protected abstract VmMap MapOf(T owner);

    /// <summary>Figures that a refusal leaves as they were; the records' own growth is not among them.</summary>
    protected abstract object FiguresOf(T owner);

    /// <summary>What must hold of what the object's users have in it.</summary>
    protected virtual void Check(T owner)
    {
    }
}
