using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>
/// The two platforms of one run of a sweep: pages come from the one, memory for records from the other. They number
/// their calls in one sequence, so that each call of either fails in its turn.
/// </summary>
/// <remarks>
/// Records are read and written, so their platform is a real one even where the pages are simulated.
/// </remarks>
public sealed class FaultPlatforms
{
    internal FaultPlatforms(VmPlatform pages, VmPlatform metadata, FaultInjectionOptions options)
    {
        Pages = new FaultInjectingPlatform(pages, options);
        Metadata = new FaultInjectingPlatform(metadata, Pages, "metadata");
    }

    /// <summary>Where the part under test gets its pages.</summary>
    public FaultInjectingPlatform Pages { get; }

    /// <summary>Where it gets the memory for its own records.</summary>
    public FaultInjectingPlatform Metadata { get; }

    /// <summary>The simulated system under <see cref="Pages"/>; null where the pages are real.</summary>
    public SimulatedPlatform? Simulated => Pages.Inner as SimulatedPlatform;

    internal int OpenReservationCount => Pages.OpenReservationCount + Metadata.OpenReservationCount;

    internal int OpenHandleCount => Simulated?.OpenHandleCount ?? 0;

    internal string OpenReservations() => $"{Pages.OpenReservations()}\nof metadata:\n{Metadata.OpenReservations()}";
}
