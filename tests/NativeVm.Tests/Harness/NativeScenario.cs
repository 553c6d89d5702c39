using NativeVm.Testing;

namespace NativeVm.Tests.Harness;

/// <summary>A scenario of NativeVm's own types: their exceptions are documented failures too.</summary>
public abstract class NativeScenario<TState> : FaultScenario<TState>
{
    public override bool IsRefusal(Exception exception) =>
        base.IsRefusal(exception) || exception is VmMapException or PersistentArenaException;
}
