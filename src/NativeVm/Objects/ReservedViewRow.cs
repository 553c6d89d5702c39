using NativeVm.Changes;
using NativeVm.Platform;

namespace NativeVm.Objects;

/// <summary>A row in a reservation of its own whose parts can be replaced: POSIX, and Windows with placeholders.</summary>
internal sealed class ReservedViewRow(VmPlatform platform, nuint address, nuint byteCount)
    : ViewRow(platform, address, byteCount)
{
    // A placeholder holds nothing while it is replaced, so what was there goes first, and the addresses are bare between.
    public override bool CanReplace => Platform.Supports(PlatformCapabilities.RangesSpanReservations);

    protected override VmResult Map(
        nuint address,
        nuint byteCount,
        MemoryObjectHandle source,
        ulong offset,
        PageProtection protection,
        MappingSharing sharing) =>
        ToResult(Platform.MapObject(address, byteCount, source, offset, protection, sharing));

    protected override bool ReleaseHandle() => Insistence.On(() => Platform.Release(Address, ByteCount)).IsSuccess;
}
