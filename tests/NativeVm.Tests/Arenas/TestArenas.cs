using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Arenas;

/// <summary>What the tests of arenas, pools and arrays have in common.</summary>
internal static class TestArenas
{
    public const nuint KiB = 1 << 10;
    public const nuint MiB = 1 << 20;

    /// <summary>A system that refuses every call from one on also refuses every undoing; nothing can be promised then.</summary>
    public const FaultPatterns Survivable = FaultPatterns.SingleCall | FaultPatterns.NeighbouringCalls;

    /// <summary>Simulated systems, whose memory is not there: nothing may touch it.</summary>
    public static FaultSweepOptions[] Simulated { get; } =
    [
        new() { Patterns = Survivable },
        new()
        {
            Patterns = Survivable,
            CreatePlatform = static () => new SimulatedPlatform(SimulatedPlatformOptions.WindowsLike),
        },
    ];

    /// <summary>The real system with faults.</summary>
    public static FaultSweepOptions Real { get; } = new()
    {
        Patterns = Survivable,
        CreatePlatform = static () => VmPlatform.Current,
    };

    /// <summary>Bytes that the system really has in memory of a range.</summary>
    public static nuint ResidentByteCount(nuint address, nuint byteCount)
    {
        VmPlatform.Current.QueryResident(address, byteCount, out nuint resident).ThrowIfRefused();
        return resident;
    }

    /// <summary>Whether the system has an address committed.</summary>
    public static bool IsCommitted(nuint address)
    {
        VmPlatform.Current.Query(address, out RegionInfo region).ThrowIfRefused();
        return region.State == PageState.Committed;
    }

    public static unsafe Span<byte> Bytes(nuint address, nuint byteCount) => new((void*)address, checked((int)byteCount));

    /// <summary>What a simulated system has of a state, but for what is resident.</summary>
    public static string Picture(VmPlatform platform) =>
        ((FaultInjectingPlatform)platform).Inner is SimulatedPlatform simulated
            ? string.Join('\n', simulated.Snapshot()).Replace(" resident", "", StringComparison.Ordinal)
            : "";
}
