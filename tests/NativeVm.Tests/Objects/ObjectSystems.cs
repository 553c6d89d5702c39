using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Objects;

/// <summary>The systems that types over memory objects are swept on.</summary>
internal static class ObjectSystems
{
    public const nuint KiB = 1 << 10;
    public const nuint MiB = 1 << 20;

    // A system that refuses every call from one on also refuses every undoing; nothing can be promised then.
    public const FaultPatterns Survivable = FaultPatterns.SingleCall | FaultPatterns.NeighbouringCalls;

    /// <summary>Like POSIX; like Windows with placeholders; like Windows without.</summary>
    public static IReadOnlyList<FaultSweepOptions> Simulated { get; } =
    [
        Of(SimulatedPlatformOptions.PosixLike),
        Of(SimulatedPlatformOptions.WindowsLike),
        Of(WithoutPlaceholders),
    ];

    public static SimulatedPlatformOptions WithoutPlaceholders => SimulatedPlatformOptions.WindowsLike with
    {
        Capabilities = PlatformCapabilities.BoundedReserve | PlatformCapabilities.SharedMemoryObjects,
    };

    public static FaultSweepOptions Real { get; } = new()
    {
        Patterns = Survivable,
        CreatePlatform = static () => VmPlatform.Current,
    };

    public static SimulatedPlatform SystemOf(VmPlatform platform) =>
        (SimulatedPlatform)((FaultInjectingPlatform)platform).Inner;

    private static FaultSweepOptions Of(SimulatedPlatformOptions options) => new()
    {
        Patterns = Survivable,
        CreatePlatform = () => new SimulatedPlatform(options),
    };
}
