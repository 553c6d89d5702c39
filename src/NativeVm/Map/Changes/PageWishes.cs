using NativeVm.Index;
using NativeVm.Platform;

namespace NativeVm.Changes;

/// <summary>
/// What an entry wants of its pages besides memory and protection, and keeps while it has none: inheritance, huge
/// pages, a memory node. The system is told whenever pages are committed. Packed into a number, so that entries side
/// by side with the same wishes are one run.
/// </summary>
internal static class PageWishes
{
    private const uint InheritanceMask = 3;
    private const uint HugePages = 4;
    private const int NodeShift = 3;

    public static uint Of(in EntryRecord entry) =>
        (uint)EntryFlags.Inheritance(entry.Flags)
        | ((entry.Flags & EntryFlags.PrefersHuge) != 0 ? HugePages : 0)
        | (entry.Detail.NodePlusOne << NodeShift);

    /// <summary>The flags of an entry whose wishes have been told.</summary>
    public static uint Fulfilled(uint flags) => (flags & EntryFlags.PrefersHuge) == 0
        ? flags
        : EntryFlags.WithTraits(flags, EntryFlags.Traits(flags) | RangeTraits.HugePages);

    /// <summary>Tells the system, about committed pages that it has been told nothing of.</summary>
    public static SystemReply Express(VmPlatform platform, nuint address, nuint byteCount, uint wishes)
    {
        PageInheritance inheritance = (PageInheritance)(wishes & InheritanceMask);
        SystemReply reply = inheritance == PageInheritance.Copy
            ? SystemReply.Success
            : platform.SetInheritance(address, byteCount, inheritance);
        if (reply.IsSuccess && (wishes & HugePages) != 0)
        {
            reply = platform.Advise(address, byteCount, PageAdvice.HugePages);
        }

        int node = (int)(wishes >> NodeShift) - 1;
        return reply.IsSuccess && node >= 0 ? platform.SetPreferredNode(address, byteCount, node) : reply;
    }
}
