using NativeVm.Objects;
using NativeVm.Platform;

namespace NativeVm;

public sealed unsafe partial class VmSnapshotRange
{
    /// <summary>Freezes what the range holds now.</summary>
    /// <param name="snapshot">The frozen view; null unless it succeeds.</param>
    /// <returns>
    /// Success, or <see cref="VmResult.ResourceShortage"/> with the system's refusal; the range and its snapshots are then
    /// what they were.
    /// </returns>
    /// <remarks>
    /// Unless <see cref="IsUpToDate"/>, nobody may write to the range during the call. The first write to a page after
    /// it costs a page fault and the copy of the page, one to two microseconds.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The range has been disposed of.</exception>
    public VmResult TryTake(out VmSnapshot? snapshot)
    {
        snapshot = null;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            VmResult result = !IsCopyOnWrite ? CopyAll(out SnapshotView? view)
                : !_isPrivate ? Share(out view)
                : _snapshots.Value == 0 ? Refresh(out view)
                : Overlay(out view);
            if (result.IsSuccess)
            {
                view!.CountIn(_snapshots);
                snapshot = new VmSnapshot(view, ByteCount);
                _taken++;
            }

            return result;
        }
    }

    /// <summary>As <see cref="TryTake"/>, or throws.</summary>
    /// <returns>The frozen view.</returns>
    /// <exception cref="SystemRefusedException">The system refused; the range and its snapshots are what they were.</exception>
    /// <exception cref="ObjectDisposedException">The range has been disposed of.</exception>
    public VmSnapshot Take()
    {
        TryTake(out VmSnapshot? snapshot).ThrowIfFailed();
        return snapshot!;
    }

    /// <summary>
    /// Ends the copying that the last snapshot began: the copies go into the object, and the range is a shared view of it
    /// again, so that writes cost nothing more and <see cref="IsUpToDate"/> is true.
    /// </summary>
    /// <returns>
    /// Success, also when there is nothing to do; <see cref="VmResult.InvalidArgument"/> while a snapshot is alive, which
    /// the object has to stay as it is for; <see cref="VmResult.ResourceShortage"/> with the system's refusal, and then
    /// the range holds what it held.
    /// </returns>
    /// <remarks>Nobody may write to the range during the call; it may be read.</remarks>
    /// <exception cref="ObjectDisposedException">The range has been disposed of.</exception>
    public VmResult TryMerge()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_isPrivate)
            {
                return VmResult.Success;
            }

            if (_snapshots.Value != 0)
            {
                return VmResult.InvalidArgument;
            }

            VmResult result = BringUpToDate();
            result = result.IsSuccess ? Replace(MappingSharing.Shared) : result;
            return result;
        }
    }

    // The range is the object: freeze the object, and let writers have copies.
    private VmResult Share(out SnapshotView? view)
    {
        VmResult result = View(_source, PageProtection.Read, MappingSharing.Shared, out view);
        return result.IsSuccess ? Conclude(Replace(MappingSharing.CopyOnWrite), ref view) : result;
    }

    // Nobody looks at the object: bring it up to date, and begin anew. A refusal after that has changed nothing that
    // anybody sees, because the range still has its copies.
    private VmResult Refresh(out SnapshotView? view)
    {
        view = null;
        VmResult result = BringUpToDate();
        return result.IsSuccess ? Share(out view) : result;
    }

    // A snapshot shows the object: leave both it and the range as they are, and copy into copies.
    private VmResult Overlay(out SnapshotView? view)
    {
        VmResult result = View(_source, PageProtection.ReadWrite, MappingSharing.CopyOnWrite, out view);
        if (!result.IsSuccess)
        {
            return result;
        }

        _copied += CopiedPages.Carry(_platform, _row.Address, view!.Address, ByteCount);
        return Close(ref view);
    }

    private VmResult BringUpToDate()
    {
        if (_merging is null)
        {
            VmResult result = View(_source, PageProtection.ReadWrite, MappingSharing.Shared, out _merging);
            if (!result.IsSuccess)
            {
                return result;
            }
        }

        _copied += CopiedPages.Carry(_platform, _row.Address, _merging!.Address, ByteCount);
        return VmResult.Success;
    }

    private VmResult CopyAll(out SnapshotView? view)
    {
        view = null;
        SystemReply reply = _platform.CreateSharedMemory(ByteCount, Name, out MemoryObjectHandle? handle);
        if (reply.IsRefused)
        {
            return VmResult.Refused(reply);
        }

        using MemoryObjectHandle copy = handle!;
        VmResult result = View(copy, PageProtection.ReadWrite, MappingSharing.Shared, out view);
        if (!result.IsSuccess)
        {
            return result;
        }

        Buffer.MemoryCopy((void*)_row.Address, (void*)view!.Address, ByteCount, ByteCount);
        _copied += ByteCount;
        return Close(ref view);
    }

    private VmResult View(
        MemoryObjectHandle source, PageProtection protection, MappingSharing sharing, out SnapshotView? view)
    {
        SystemReply reply = _platform.MapObjectAnywhere(
            ByteCount, source, 0, protection, sharing, Placement.Anywhere, out nuint address);
        view = reply.IsSuccess ? new SnapshotView(_platform, address, ByteCount) : null;
        return reply.IsSuccess ? VmResult.Success : VmResult.Refused(reply);
    }

    // From here on nobody writes to the view.
    private VmResult Close(ref SnapshotView? view)
    {
        SystemReply reply = _platform.Protect(view!.Address, ByteCount, PageProtection.Read);
        return Conclude(reply.IsSuccess ? VmResult.Success : VmResult.Refused(reply), ref view);
    }

    private VmResult Replace(MappingSharing sharing)
    {
        VmResult result = _row.Replace(0, ByteCount, _source, 0, PageProtection.ReadWrite, sharing);
        if (result.IsSuccess)
        {
            Volatile.Write(ref _isPrivate, sharing == MappingSharing.CopyOnWrite);
        }

        return result;
    }

    private static VmResult Conclude(VmResult result, ref SnapshotView? view)
    {
        if (!result.IsSuccess)
        {
            view!.Dispose();
            view = null;
        }

        return result;
    }
}
