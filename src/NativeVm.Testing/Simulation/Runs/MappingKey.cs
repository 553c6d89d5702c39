using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>
/// What the system compares to decide whether two neighbouring runs are one mapping. Two runs may differ in what
/// the system keeps per page (resident, dirty) or not at all (which reservation a Linux mapping came from) and
/// still be one mapping.
/// </summary>
internal readonly record struct MappingKey(
    long Owner, PageState State, PageProtection Protection, RangeTraits Traits, AccessHints Hints, bool IsLocked, BackingKey Backing)
{
    public bool IsFree => Owner == 0;

    /// <summary>
    /// As a POSIX kernel merges: anonymous mappings with equal flags, and mappings of an object that go on where the other ends, whoever made them; a mapping without access
    /// is the same thing whether it was ever committed or not.
    /// </summary>
    public static MappingKey OfKernel(in RunAttributes run) => run.IsOurs
        ? new(
            1,
            run.Protection == PageProtection.None ? PageState.Reserved : PageState.Committed,
            run.Protection,
            run.Traits,
            run.Hints,
            run.IsLocked,
            run.Backing)
        : new(run.Owner, run.State, run.Protection, RangeTraits.None, AccessHints.None, false, default);

    /// <summary>As <c>VirtualQuery</c> cuts regions: never across reservations, by state and protection.</summary>
    public static MappingKey OfVirtualQuery(in RunAttributes run) =>
        new(run.Owner, run.State, run.Protection, RangeTraits.None, AccessHints.None, false, run.Backing);
}
