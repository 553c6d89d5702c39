using NativeVm.Platform;

namespace NativeVm;

/// <summary>
/// All that an entry has besides its range. Two entries that lie side by side are one when all of it is equal.
/// </summary>
/// <remarks>The default value is a normal, uncommitted entry that nothing may access, with tag 0.</remarks>
public readonly record struct VmEntryAttributes
{
    /// <summary>Committed memory that can be read and written, and later given any protection.</summary>
    public static VmEntryAttributes ReadWrite => new()
    {
        Protection = PageProtection.ReadWrite,
        MaxProtection = PageProtection.ReadWrite | PageProtection.Execute,
        IsCommitted = true,
    };

    /// <summary>Addresses only: reserved, with no memory behind them.</summary>
    public static VmEntryAttributes Reserved => new()
    {
        MaxProtection = PageProtection.ReadWrite | PageProtection.Execute,
    };

    /// <summary>
    /// What may be done to the pages; <see cref="PageProtection.None"/> unless committed. Of a guard, what may be done
    /// to them again once it is removed: until then every access faults.
    /// </summary>
    public PageProtection Protection { get; init; }

    /// <summary>
    /// What <see cref="Protection"/> may ever become. All three accesses may be in it, although no page has write
    /// and execute at once.
    /// </summary>
    public PageProtection MaxProtection { get; init; }

    /// <summary>What a child process sees of the entry.</summary>
    public PageInheritance Inheritance { get; init; }

    /// <summary>What the entry is.</summary>
    public VmEntryKind Kind { get; init; }

    /// <summary>Whether memory is behind the addresses.</summary>
    public bool IsCommitted { get; init; }

    /// <summary>How often the entry has been wired and not unwired; its pages are locked while it is not 0.</summary>
    public uint WiredCount { get; internal init; }

    /// <summary>A number of the user's own. The map only compares it.</summary>
    public ulong Tag { get; init; }

    /// <summary>
    /// For a stack's lowest piece, how many bytes directly below it are kept for its growth, a multiple of the page
    /// size. What is kept ends at the next entry below, however large this number is.
    /// </summary>
    public nuint GrowthReserve { get; init; }

    /// <summary>
    /// Whether huge pages are to be behind the entry. <see cref="VmHugePages.Transparent"/> is a preference that the
    /// entry keeps, and has no effect on an entry shorter than <see cref="VmPlatform.HugePageSize"/>;
    /// <see cref="VmHugePages.Explicit"/> takes pages that the system has set aside, needs an entry that is committed
    /// at once and whose ends are multiples of that size, and ends with the first decommit.
    /// </summary>
    public VmHugePages HugePages { get; init; }

    /// <summary>The memory node that is preferred for the pages, or <see cref="VmPlatform.AnyNode"/>.</summary>
    public int PreferredNode
    {
        get => (int)NodePlusOne - 1;
        internal init => NodePlusOne = (uint)(value + 1);
    }

    internal uint NodePlusOne { get; init; }

    /// <summary>The number of the object behind the entry; 0 for anonymous memory.</summary>
    public uint ObjectId { get; internal init; }

    /// <summary>Where writes go; anonymous memory is always copied on write.</summary>
    public MappingSharing Sharing { get; internal init; }

    /// <summary>Where in the object the entry starts, in bytes, a multiple of the page size.</summary>
    public ulong ObjectOffset { get; internal init; }

    /// <summary>Whether these are right, and those of a normal entry with no memory, no count, no reserve and no object.</summary>
    internal bool IsAddressesOnly =>
        ((uint)Kind | (uint)Protection | (IsCommitted ? 1u : 0) | (uint)HugePages | (uint)Sharing) == 0
        && (WiredCount | NodePlusOne | ObjectId | GrowthReserve | ObjectOffset) == 0
        && Inheritance <= PageInheritance.None
        && MaxProtection <= (PageProtection.ReadWrite | PageProtection.Execute);
}
