using NativeVm.Changes;
using NativeVm.Platform;

namespace NativeVm.Objects;

/// <summary>
/// A row where nothing that is reserved can be replaced (Windows before placeholders): each view is a mapping of its
/// own, and what lies above the views is a plain reservation that keeps others out.
/// </summary>
/// <remarks>
/// For a view to be mapped the reservation goes, the view is asked for at its exact address, and the rest is reserved
/// again. Another thread can take the addresses in between; the mapping is then refused with
/// <see cref="RefusalReason.AddressInUse"/>, and nothing of theirs is touched.
/// </remarks>
internal sealed class LooseViewRow : ViewRow
{
    private readonly List<(nuint Address, nuint ByteCount)> _views = [];

    // The reservation reaches from the last view to the end of the range; 0 when it was lost.
    private nuint _heldByteCount;

    public LooseViewRow(VmPlatform platform, nuint address, nuint byteCount)
        : base(platform, address, byteCount) => _heldByteCount = byteCount;

    public override bool CanReplace => false;

    protected override VmResult Map(
        nuint address,
        nuint byteCount,
        MemoryObjectHandle source,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing)
    {
        _views.EnsureCapacity(_views.Count + 1);
        nuint end = Address + ByteCount;
        if (_heldByteCount != 0)
        {
            SystemReply released = Platform.Release(address, _heldByteCount);
            if (released.IsRefused)
            {
                return ToResult(released);
            }

            _heldByteCount = 0;
        }

        SystemReply reply = Platform.MapObjectAnywhere(
            byteCount, source, offset, protection, sharing, Placement.At(address), out _);
        if (reply.IsSuccess)
        {
            _views.Add((address, byteCount));
            Hold(address + byteCount, end);
        }
        else
        {
            Hold(address, end);
        }

        return ToResult(reply);
    }

    protected override bool ReleaseHandle()
    {
        nuint held = _heldByteCount;
        bool isReleased = held == 0
            || Insistence.On(() => Platform.Release(Address + ByteCount - held, held)).IsSuccess;
        foreach ((nuint address, nuint byteCount) in _views)
        {
            isReleased &= Insistence.On(() => Platform.ReleaseObject(address, byteCount)).IsSuccess;
        }

        return isReleased;
    }

    // A refusal only means that the next view may find its addresses taken, which it reports.
    private void Hold(nuint address, nuint end)
    {
        if (address != end && Platform.Reserve(end - address, Placement.At(address), out _).IsSuccess)
        {
            _heldByteCount = end - address;
        }
    }
}
