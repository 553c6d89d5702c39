namespace NativeVm.Tests.Soak;

/// <summary>What a process holds at one moment of a run.</summary>
/// <param name="Seconds">Since the load began.</param>
/// <param name="StepCount">Operations so far.</param>
/// <param name="ResidentByteCount">The resident set of the process, the runtime's part included.</param>
/// <param name="MappingCount">Mappings of the process.</param>
/// <param name="NativeByteCount">What all that is under load holds, and its records.</param>
/// <param name="CommittedByteCount">What heaps and pages may touch, pages that were given back to the system included.</param>
/// <param name="ManagedByteCount">What the managed heap has committed.</param>
internal readonly record struct SoakSample(
    double Seconds,
    long StepCount,
    nuint ResidentByteCount,
    nuint MappingCount,
    nuint NativeByteCount,
    nuint CommittedByteCount,
    long ManagedByteCount);
