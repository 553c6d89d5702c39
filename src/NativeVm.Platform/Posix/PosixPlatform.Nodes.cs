namespace NativeVm.Platform.Posix;

internal sealed partial class PosixPlatform
{
    /// <inheritdoc/>
    public override int NumaNodeCount { get; }

    /// <inheritdoc/>
    /// <remarks>Every reservation can be replaced in part.</remarks>
    protected override SystemReply ReservePlaceholderCore(nuint byteCount, in Placement placement, out nuint address) =>
        ReserveCore(byteCount, placement, out address);

    /// <inheritdoc/>
    protected override SystemReply SetPreferredNodeCore(nuint address, nuint byteCount, int node) =>
        Supports(PlatformCapabilities.PreferredNode)
            ? Reply(SystemOperation.SetPreferredNode, address, byteCount, _binding.Prefer(address, byteCount, node))
            : Refused(
                SystemOperation.SetPreferredNode,
                address,
                byteCount,
                RefusalReason.NotSupported,
                Native.ErrorNumbers.NotSupported);

    private bool HasPreferredNode()
    {
        if (_binding.Map(_pageSize, out nuint page) != 0)
        {
            return false;
        }

        bool works = _binding.Prefer(page, _pageSize, NumaNodeCount - 1) == 0;
        return _binding.Unmap(page, _pageSize) == 0 && works;
    }

    private bool HasSharedMemory()
    {
        if (_binding.CreateMemory("nativevm-probe\0"u8, out int file) != 0)
        {
            return false;
        }

        _binding.CloseFile(file);
        return true;
    }
}
