namespace NativeVm.Memory;

/// <summary>Part of a <see cref="GrowingRange"/>, which stays as long as one of its parts is held.</summary>
internal sealed class PartLease : PageLease
{
    private readonly GrowingRange _range;

    public PartLease(GrowingRange range, nuint address, nuint byteCount)
    {
        // The range has a lease of its own with a finalizer.
        FinalizeNoMore();
        Address = address;
        ByteCount = byteCount;
        _range = range;
    }

    public override string Name => _range.Name;

    protected override void GiveBack(bool isForgotten) => _range.Release();
}
