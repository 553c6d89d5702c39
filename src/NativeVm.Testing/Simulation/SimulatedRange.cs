using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>A run of pages that are not free, and that a simulated platform knows to be alike.</summary>
/// <param name="Address">First byte, a multiple of the page size.</param>
/// <param name="ByteCount">Length in bytes, a multiple of the page size; never 0.</param>
/// <param name="State">
/// Reserved or committed. Committed pages without any access are committed here, although
/// <see cref="VmPlatform.Query"/> of a POSIX-like system cannot tell them from reserved ones.
/// </param>
/// <param name="Protection">What may be done to the pages.</param>
public readonly record struct SimulatedRange(
    nuint Address, nuint ByteCount, PageState State, PageProtection Protection)
{
    /// <summary>The first address after the range.</summary>
    public nuint End => Address + ByteCount;

    /// <summary>Whether a test placed it with <see cref="SimulatedPlatform.PlaceForeign"/>.</summary>
    public bool IsForeign { get; init; }

    /// <summary>Where the reservation that it lies in starts; its own address when it is foreign.</summary>
    public nuint ReservationAddress { get; init; }

    /// <summary>The advice that the range carries and that a decommit must repeat.</summary>
    public RangeTraits Traits { get; init; }

    /// <summary>Whether the pages are locked.</summary>
    public bool IsLocked { get; init; }

    /// <summary>Whether the pages are in physical memory.</summary>
    public bool IsResident { get; init; }

    /// <summary>Whether the pages may read as something else than zeros.</summary>
    public bool IsDirty { get; init; }

    /// <summary>Whether every access faults, whatever the protection says.</summary>
    public bool IsGuarded { get; init; }

    /// <summary>Whether explicit huge pages stand behind it.</summary>
    public bool IsHuge { get; init; }

    /// <summary>The memory node that is preferred, or <see cref="VmPlatform.AnyNode"/>.</summary>
    public int PreferredNode { get; init; } = VmPlatform.AnyNode;

    /// <summary>The number of the object behind it; 0 for anonymous memory.</summary>
    public long ObjectId { get; init; }

    /// <summary>Where in the object the range starts, in bytes.</summary>
    public ulong ObjectOffset { get; init; }

    /// <summary>Where writes go.</summary>
    public MappingSharing Sharing { get; init; }

    /// <summary>The range in one line, for the message of a failed test.</summary>
    public override string ToString()
    {
        string state = IsForeign ? "foreign" : State == PageState.Reserved ? "reserved" : $"committed {Protection}";
        string marks = $"{(IsLocked ? " locked" : "")}{(IsResident ? " resident" : "")}{(IsDirty ? " dirty" : "")}"
            + $"{(IsGuarded ? " guarded" : "")}{(IsHuge ? " huge" : "")}";
        string backing = ObjectId == 0 ? "" : $" of object {ObjectId} at 0x{ObjectOffset:x}, {Sharing},";
        string node = PreferredNode < 0 ? "" : $" on node {PreferredNode}";
        string traits = Traits == RangeTraits.None ? "" : $" ({Traits})";
        string within = IsForeign ? "" : $" of the reservation at 0x{ReservationAddress:x}";
        return $"[0x{Address:x}, 0x{End:x}) {state}{marks}{node}{backing}{traits}{within}";
    }
}
