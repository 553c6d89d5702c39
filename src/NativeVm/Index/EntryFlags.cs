using NativeVm.Platform;

namespace NativeVm.Index;

/// <summary>The packing of an entry's small attributes into 32 bits; equal attributes are equal words.</summary>
internal static class EntryFlags
{
    private const int MaxProtectionShift = 3;
    private const int InheritanceShift = 6;
    private const int KindShift = 8;
    private const int KindMask = 7;
    private const int ProtectionMask = 7;

    /// <summary>Memory is behind the addresses.</summary>
    public const uint Committed = 1u << 11;

    private const int TraitsShift = 12;
    private const int TraitsMask = 7;

    /// <summary>An object is behind the entry, and writes go to it.</summary>
    public const uint Shared = 1u << 15;

    /// <summary>All but protection, its maximum and inheritance: an entry with none of these is addresses and nothing else.</summary>
    public const uint MoreThanAddresses = (1u << FirstFreeBit) - (1u << KindShift);

    /// <summary>A guard that goes when the entry directly above it does.</summary>
    public const uint GuardOfAbove = 1u << 16;

    /// <summary>A guard that goes when the entry directly below it does.</summary>
    public const uint GuardOfBelow = 1u << 17;

    /// <summary>A guard that is a stack again when it is removed.</summary>
    public const uint GuardedStack = 1u << 18;

    /// <summary>Explicit huge pages are behind the entry: it is cut between them only.</summary>
    public const uint ExplicitHuge = 1u << 19;

    /// <summary>The entry's pages are advised to be huge whenever they are committed.</summary>
    public const uint PrefersHuge = 1u << 20;

    /// <summary>Bits from here up are free for an index's own use; the map never sets them.</summary>
    public const int FirstFreeBit = 24;

    public static uint Pack(in VmEntryAttributes attributes) =>
        (uint)attributes.Protection
        | ((uint)attributes.MaxProtection << MaxProtectionShift)
        | ((uint)attributes.Inheritance << InheritanceShift)
        | ((uint)attributes.Kind << KindShift)
        | (attributes.IsCommitted ? Committed : 0)
        | (attributes.Sharing == MappingSharing.Shared ? Shared : 0)
        | (attributes.HugePages == VmHugePages.Transparent ? PrefersHuge : 0)
        | (attributes.HugePages == VmHugePages.Transparent && attributes.IsCommitted ? (uint)RangeTraits.HugePages << TraitsShift : 0)
        | (attributes.HugePages == VmHugePages.Explicit ? ExplicitHuge : 0);

    /// <summary>As <see cref="Pack"/>, of attributes that are addresses and nothing else.</summary>
    public static uint PackAddresses(in VmEntryAttributes attributes) =>
        ((uint)attributes.MaxProtection << MaxProtectionShift) | ((uint)attributes.Inheritance << InheritanceShift);

    public static PageProtection Protection(uint flags) => (PageProtection)(flags & ProtectionMask);

    public static PageProtection MaxProtection(uint flags) =>
        (PageProtection)((flags >> MaxProtectionShift) & ProtectionMask);

    public static PageInheritance Inheritance(uint flags) => (PageInheritance)((flags >> InheritanceShift) & 3);

    public static VmEntryKind Kind(uint flags) => (VmEntryKind)((flags >> KindShift) & KindMask);

    public static MappingSharing Sharing(uint flags) =>
        (flags & Shared) != 0 ? MappingSharing.Shared : MappingSharing.CopyOnWrite;

    public static bool IsCommitted(uint flags) => (flags & Committed) != 0;

    public static uint WithProtection(uint flags, PageProtection protection) =>
        (flags & ~(uint)ProtectionMask) | (uint)protection;

    public static uint WithMaxProtection(uint flags, PageProtection protection) =>
        (flags & ~((uint)ProtectionMask << MaxProtectionShift)) | ((uint)protection << MaxProtectionShift);

    /// <summary>Advice that the entry's pages have been given and that lasts until they are decommitted.</summary>
    public static RangeTraits Traits(uint flags) => (RangeTraits)((flags >> TraitsShift) & TraitsMask);

    public static uint WithTraits(uint flags, RangeTraits traits) =>
        (flags & ~((uint)TraitsMask << TraitsShift)) | ((uint)traits << TraitsShift);

    public static VmHugePages HugePages(uint flags) => (flags & ExplicitHuge) != 0 ? VmHugePages.Explicit
        : (flags & PrefersHuge) != 0 ? VmHugePages.Transparent
        : VmHugePages.None;

    public static uint WithKind(uint flags, VmEntryKind kind) =>
        (flags & ~((uint)KindMask << KindShift)) | ((uint)kind << KindShift);

    /// <summary>What may be done to the pages now: nothing where there is a guard.</summary>
    public static PageProtection Access(uint flags) =>
        Kind(flags) == VmEntryKind.Guard ? PageProtection.None : Protection(flags);

    public static uint WithInheritance(uint flags, PageInheritance inheritance) =>
        (flags & ~(3u << InheritanceShift)) | ((uint)inheritance << InheritanceShift);
}
