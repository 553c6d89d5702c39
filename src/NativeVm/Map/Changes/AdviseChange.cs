using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm.Changes;

/// <summary>
/// Passes advice to committed pages, and notes on the entry what of it lasts, so that entries with different advice,
/// which are different mappings, are not joined. Guard regions are part of their neighbours' mapping and are told what
/// lasts; they have no contents that the rest could be about.
/// </summary>
internal readonly struct AdviseChange(VmAdvice advice, bool hasGuardRegions) : IPageChange
{
    public SystemOperation Operation => SystemOperation.Advise;

    public bool NeedsWholeRange => false;

    public bool AddsDetails => false;

    public VmResult Check(in EntryRecord entry) => EntryFlags.Kind(entry.Flags) switch
    {
        VmEntryKind.Submap => VmResult.InvalidArgument,
        _ when advice is VmAdvice.DontNeed or VmAdvice.Free && (entry.Detail.WiredCount | entry.Detail.ObjectId) != 0 => VmResult.InvalidArgument,
        _ => VmResult.Success,
    };

    public bool Affects(in EntryRecord entry) =>
        EntryFlags.IsCommitted(entry.Flags) && (EntryFlags.Kind(entry.Flags) <= VmEntryKind.Stack
            || (EntryFlags.Kind(entry.Flags) == VmEntryKind.Guard && hasGuardRegions && IsMeantForGuards));

    private bool IsMeantForGuards => advice is not (VmAdvice.WillNeed or VmAdvice.Free or VmAdvice.CollapseHugePages);

    public void Apply(ref EntryRecord entry)
    {
        RangeTraits traits = EntryFlags.Traits(entry.Flags);
        traits = advice switch
        {
            VmAdvice.NoCore => traits | RangeTraits.ExcludedFromCoreDumps,
            VmAdvice.Core => traits & ~RangeTraits.ExcludedFromCoreDumps,
            VmAdvice.HugePages => traits | RangeTraits.HugePages,
            VmAdvice.NoHugePages => traits & ~RangeTraits.HugePages,
            _ => traits,
        };
        entry.Flags = EntryFlags.WithTraits(entry.Flags, traits);
    }

    public bool ReachesPages(in EntryRecord entry) => Affects(entry);

    public uint RunKey(in EntryRecord entry) => 0;

    public SystemReply Act(VmPlatform platform, nuint address, nuint byteCount, uint runKey) => advice switch
    {
        VmAdvice.DontNeed => platform.Purge(address, byteCount),
        _ => platform.Advise(address, byteCount, ToPageAdvice(advice)),
    };

    public SystemReply Undo(VmPlatform platform, nuint address, nuint byteCount, in EntryRecord before)
    {
        RangeTraits traits = EntryFlags.Traits(before.Flags);
        return advice switch
        {
            VmAdvice.NoCore when (traits & RangeTraits.ExcludedFromCoreDumps) == 0 =>
                platform.Advise(address, byteCount, PageAdvice.IncludeInCoreDumps),
            VmAdvice.Core when (traits & RangeTraits.ExcludedFromCoreDumps) != 0 =>
                platform.Advise(address, byteCount, PageAdvice.ExcludeFromCoreDumps),
            VmAdvice.HugePages when (traits & RangeTraits.HugePages) == 0 =>
                platform.Advise(address, byteCount, PageAdvice.NoHugePages),
            VmAdvice.NoHugePages when (traits & RangeTraits.HugePages) != 0 =>
                platform.Advise(address, byteCount, PageAdvice.HugePages),
            _ => SystemReply.Success,
        };
    }

    /// <summary>The platform's name of an advice that is not a purge.</summary>
    public static PageAdvice ToPageAdvice(VmAdvice advice) => advice switch
    {
        VmAdvice.Normal => PageAdvice.Normal,
        VmAdvice.Random => PageAdvice.Random,
        VmAdvice.Sequential => PageAdvice.Sequential,
        VmAdvice.WillNeed => PageAdvice.WillNeed,
        VmAdvice.Free => PageAdvice.Free,
        VmAdvice.NoCore => PageAdvice.ExcludeFromCoreDumps,
        VmAdvice.Core => PageAdvice.IncludeInCoreDumps,
        VmAdvice.HugePages => PageAdvice.HugePages,
        VmAdvice.NoHugePages => PageAdvice.NoHugePages,
        VmAdvice.CollapseHugePages => PageAdvice.CollapseHugePages,
        _ => throw new ArgumentOutOfRangeException(nameof(advice), advice, "Not an advice for pages that stay."),
    };
}
