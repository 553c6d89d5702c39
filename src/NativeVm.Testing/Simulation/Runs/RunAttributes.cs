using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>
/// Everything the simulation knows of a page. Equal for all pages of a run, different in neighbouring runs.
/// </summary>
internal readonly record struct RunAttributes
{
    /// <summary>Addresses that belong to nobody.</summary>
    public static RunAttributes Free => default;

    /// <summary>0 for nobody, a reservation's number when positive, a foreign mapping's when negative.</summary>
    public long Owner { get; init; }

    public PageState State { get; init; }

    public PageProtection Protection { get; init; }

    public RangeTraits Traits { get; init; }

    public AccessHints Hints { get; init; }

    public bool IsLocked { get; init; }

    public bool IsResident { get; init; }

    /// <summary>The page may read as something else than zeros.</summary>
    public bool IsDirty { get; init; }

    /// <summary>Every access faults, whatever the protection says.</summary>
    public bool IsGuarded { get; init; }

    /// <summary>What stands behind the pages; the default for anonymous memory.</summary>
    public BackingKey Backing { get; init; }

    public bool IsFree => Owner == 0;

    /// <summary>Writes go to an object.</summary>
    public bool IsShared => Backing.IsObject && Backing.Sharing == MappingSharing.Shared;

    public bool IsForeign => Owner < 0;

    public bool IsOurs => Owner > 0;

    public bool IsCommitted => IsOurs && State == PageState.Committed;

    public static RunAttributes Reserved(long reservation) =>
        new() { Owner = reservation, State = PageState.Reserved };

    public static RunAttributes Foreign(long number) =>
        new() { Owner = -number, State = PageState.Committed, Protection = PageProtection.ReadWrite };
}
