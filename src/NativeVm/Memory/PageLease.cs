using System.Diagnostics.CodeAnalysis;
using NativeVm.Diagnostics;

namespace NativeVm.Memory;

/// <summary>
/// A run of pages in the use of one holder, and the only part of it that the finalizer queue knows.
/// </summary>
/// <remarks>
/// <para>
/// A <see cref="VmMemoryManager{T}"/> is made for every use and never used again, because a stale
/// <see cref="Memory{T}"/> or a second disposal must not reach the next user's memory. An object with a finalizer is
/// dear to make. So the two are apart: the manager is small and has no finalizer; the lease has one, and a pool gives
/// it to the next manager.
/// </para>
/// <para>
/// A holder that is forgotten undisposed leaves its lease unreachable too, and the lease's finalizer gives the pages
/// back, unless the forgotten holder is pinned: then native code may have the address, and the pages are kept for good,
/// as those of a pinned array are whose handle is lost.
/// </para>
/// </remarks>
internal abstract class PageLease
{
    private ILeaseHolder? _holder;
    private long _pressure;

    /// <summary>Gives the pages back if their holder has been forgotten.</summary>
    ~PageLease()
    {
        if (_holder is not { } holder)
        {
            return;
        }

        if (NativeVmEventSource.Log.IsEnabled())
        {
            NativeVmEventSource.Log.Forgotten(Name, (long)Address, (long)ByteCount);
        }

        if (!holder.IsPinned)
        {
            Detach();
            GiveBack(isForgotten: true);
        }
    }

    /// <summary>The first byte.</summary>
    public nuint Address { get; protected set; }

    /// <summary>Bytes, whole pages.</summary>
    public nuint ByteCount { get; protected set; }

    /// <summary>Where the pages are from, for events.</summary>
    public abstract string Name { get; }

    /// <summary>The holder begins to use the pages.</summary>
    /// <param name="holder">Who.</param>
    /// <param name="addsPressure">Whether the collector is told of the memory.</param>
    public void Attach(ILeaseHolder holder, bool addsPressure)
    {
        _holder = holder;
        _pressure = addsPressure ? (long)ByteCount : 0;
        if (addsPressure)
        {
            GC.AddMemoryPressure(_pressure);
        }
    }

    /// <summary>The holder is done with the pages.</summary>
    public void End()
    {
        Detach();
        GiveBack(isForgotten: false);
    }

    /// <summary>Gives the pages back. Never throws.</summary>
    /// <param name="isForgotten">
    /// Whether it is the finalizer that calls: whatever the lease refers to may have been finalized before it.
    /// </param>
    protected abstract void GiveBack(bool isForgotten);

    /// <summary>There is nothing left for the finalizer to do.</summary>
    [SuppressMessage("Usage", "CA1816", Justification = "A lease ends once; its holder is what is disposed of.")]
    protected void FinalizeNoMore() => GC.SuppressFinalize(this);

    private void Detach()
    {
        _holder = null;
        if (_pressure != 0)
        {
            GC.RemoveMemoryPressure(_pressure);
            _pressure = 0;
        }
    }
}
