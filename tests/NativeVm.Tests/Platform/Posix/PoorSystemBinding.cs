using NativeVm.Platform.Posix.Native;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>A system that is older or poorer than the one the tests run on, or that says no.</summary>
internal sealed unsafe class PoorSystemBinding : NativePosixBinding
{
    private const int OutOfMemory = 12;
    private const int NoSuchFile = 2;
    private const int InvalidArgument = 22;

    /// <summary>The address of a mapping is a hint, as before Linux 4.17 and on macOS.</summary>
    public bool TakesAddressAsHint { get; init; }

    /// <summary>There is no <c>/proc</c>.</summary>
    public bool HasNoProc { get; init; }

    /// <summary>There is no advice beyond the oldest.</summary>
    public bool HasOldAdviceOnly { get; init; }

    /// <summary>Mapping over a range is refused.</summary>
    public bool RefusesToMapOver { get; set; }

    /// <summary>How many changes of protection go well before they are refused.</summary>
    public int ProtectionsLeft { get; set; } = int.MaxValue;

    /// <summary>Exact places that are lost to somebody before we get them.</summary>
    public int PlacesToLose { get; set; }

    /// <summary>How often an exact place was asked for.</summary>
    public int PlacesAsked { get; private set; }

    protected override int MapAtCore(nuint address, nuint byteCount, out nuint mapped)
    {
        PlacesAsked++;
        if (PlacesToLose > 0)
        {
            PlacesToLose--;
            mapped = 0;
            return ErrorNumbers.Exists;
        }

        return TakesAddressAsHint
            ? MapDirectly(address, byteCount, 0, out mapped)
            : base.MapAtCore(address, byteCount, out mapped);
    }

    protected override int MapCore(nuint address, nuint byteCount, bool replace, out nuint mapped)
    {
        mapped = 0;
        return replace && RefusesToMapOver ? OutOfMemory : base.MapCore(address, byteCount, replace, out mapped);
    }

    protected override int ProtectCore(nuint address, nuint byteCount, int protection) =>
        ProtectionsLeft-- > 0 ? base.ProtectCore(address, byteCount, protection) : OutOfMemory;

    protected override int AdviseCore(nuint address, nuint byteCount, int advice)
    {
        const int NewestOldAdvice = 8;
        return HasOldAdviceOnly && advice > NewestOldAdvice
            ? InvalidArgument
            : base.AdviseCore(address, byteCount, advice);
    }

    protected override int OpenFileCore(byte* path, out int file)
    {
        file = -1;
        return HasNoProc ? NoSuchFile : base.OpenFileCore(path, out file);
    }
}
