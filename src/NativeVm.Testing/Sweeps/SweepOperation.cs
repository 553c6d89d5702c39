using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>What is swept: how its state is made, the operation, and what must hold after it.</summary>
internal sealed record SweepOperation<TState>(
    Func<VmPlatform, TState> Setup, Func<TState, bool> Act, Action<TState, bool> Verify);
