using System.Numerics;

namespace NativeVm.Platform.Posix.Native;

// Guards, inheritance, huge pages and memory nodes.
internal abstract unsafe partial class PosixBinding
{
    /// <summary>Puts guards on pages; the system must have them (<see cref="HasGuards"/>).</summary>
    public int InstallGuard(nuint address, nuint byteCount) =>
        AdviseDirectly(address, byteCount, PosixConstants.AdviceGuardInstall);

    /// <summary>Takes guards off pages.</summary>
    public int RemoveGuard(nuint address, nuint byteCount) =>
        AdviseDirectly(address, byteCount, PosixConstants.AdviceGuardRemove);

    /// <summary>What a child sees of a range, where the system has <c>minherit</c>.</summary>
    public int Inherit(nuint address, nuint byteCount, PageInheritance inheritance)
    {
        Count();
        return InheritCore(address, byteCount, inheritance switch
        {
            PageInheritance.Share => PosixConstants.InheritShare,
            PageInheritance.Copy => PosixConstants.InheritCopy,
            _ => PosixConstants.InheritNone,
        });
    }

    /// <summary>Makes code that was written visible to the processor's instruction caches.</summary>
    public virtual void Publish(nuint address, nuint byteCount) => CodeCache.Publish(address, byteCount);

    /// <summary>Maps explicit huge pages where the system likes; they are the mapping's from here on.</summary>
    public int MapHuge(nuint byteCount, nuint hugePageSize, PageProtection protection, out nuint mapped)
    {
        Count();
        return MapHugeCore(byteCount, hugePageSize, PosixConstants.Protection(protection), out mapped);
    }

    /// <summary>Moves a mapping onto a range in place of whatever is there: <c>mremap</c>.</summary>
    public int Move(nuint address, nuint byteCount, nuint newAddress)
    {
        Count();
        return MoveCore(address, byteCount, newAddress);
    }

    /// <summary>Says on which node pages should lie; a negative node takes that back.</summary>
    public int Prefer(nuint address, nuint byteCount, int node)
    {
        const int MostNodes = 1024;
        const int BitsPerWord = 64;
        if (PosixConstants.CallBindMemory < 0 || node >= MostNodes)
        {
            return ErrorNumbers.NotSupported;
        }

        ulong* nodes = stackalloc ulong[MostNodes / BitsPerWord];
        new Span<ulong>(nodes, MostNodes / BitsPerWord).Clear();
        Count();
        if (node < 0)
        {
            return Answer(LibC.BindMemory(
                PosixConstants.CallBindMemory, address, byteCount, PosixConstants.PolicyDefault, null, 0, 0));
        }

        // The kernel takes one bit less than it is told.
        nodes[node / BitsPerWord] = 1UL << (node % BitsPerWord);
        return Answer(LibC.BindMemory(
            PosixConstants.CallBindMemory, address, byteCount, PosixConstants.PolicyPreferred, nodes, MostNodes + 1, 0));
    }

    protected virtual int InheritCore(nuint address, nuint byteCount, int inheritance) =>
        Answer(LibC.Inherit(address, byteCount, inheritance));

    // Not MAP_NORESERVE: the pages are set aside now or refused now, instead of a crash at the first touch.
    protected virtual int MapHugeCore(nuint byteCount, nuint hugePageSize, int protection, out nuint mapped)
    {
        mapped = 0;
        if (PosixConstants.MapHugePages == 0)
        {
            return ErrorNumbers.NotSupported;
        }

        int flags = PosixConstants.MapPrivate | PosixConstants.MapAnonymous | PosixConstants.MapHugePages
            | (BitOperations.Log2(hugePageSize) << PosixConstants.MapHugeShift);
        return AnswerMap(LibC.Map(0, byteCount, protection, flags, -1, 0), out mapped);
    }

    protected virtual int MoveCore(nuint address, nuint byteCount, nuint newAddress)
    {
        nint result = LibC.Remap(
            address, byteCount, byteCount, PosixConstants.RemapMayMove | PosixConstants.RemapFixed, newAddress);
        return AnswerMap(result, out _);
    }
}
