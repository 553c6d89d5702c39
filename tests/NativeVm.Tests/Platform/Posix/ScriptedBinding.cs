using NativeVm.Platform.Posix.Native;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>
/// The real system with something else in it: without guard regions, with small pages that pass for huge ones, with
/// memory nodes of one's own, with moves that fail as they do on an old kernel.
/// </summary>
internal sealed unsafe class ScriptedBinding : NativePosixBinding
{
    private const int Invalid = 22;

    /// <summary>The system does not know advice 102.</summary>
    public bool LacksGuards { get; init; }

    /// <summary>Huge pages are there: plain pages, from a stock without end, at a multiple of their size.</summary>
    public bool HasHugePages { get; init; }

    /// <summary>A move takes out what is at its target, and then fails.</summary>
    public bool LosesMoves { get; init; }

    /// <summary>What the system lists as its memory nodes.</summary>
    public string? NodeList { get; init; }

    protected override int AdviseCore(nuint address, nuint byteCount, int advice) =>
        LacksGuards && advice == PosixConstants.AdviceGuardInstall ? Invalid : base.AdviseCore(address, byteCount, advice);

    protected override int MapHugeCore(nuint byteCount, nuint hugePageSize, int protection, out nuint mapped)
    {
        if (!HasHugePages)
        {
            return base.MapHugeCore(byteCount, hugePageSize, protection, out mapped);
        }

        int error = MapCore(0, byteCount, replace: false, out mapped);
        return error != 0 ? error : ProtectCore(mapped, byteCount, protection);
    }

    protected override int MoveCore(nuint address, nuint byteCount, nuint newAddress)
    {
        if (!LosesMoves)
        {
            return base.MoveCore(address, byteCount, newAddress);
        }

        _ = UnmapCore(newAddress, byteCount);
        return Invalid;
    }

    protected override int OpenFileCore(byte* path, out int file)
    {
        if (NodeList is null
            || !new string((sbyte*)path).EndsWith("/node/online", StringComparison.Ordinal))
        {
            return base.OpenFileCore(path, out file);
        }

        int error = CreateMemory("nodes\0"u8, out file);
        if (error == 0)
        {
            nuint page = QueryPageSize();
            _ = SetLength(file, page);
            _ = MapObject(
                0, page, MapPlace.Anywhere, NativeVm.Platform.PageProtection.ReadWrite, NativeVm.Platform.MappingSharing.Shared, file, 0, out nuint text);
            NodeList.Select(symbol => (byte)symbol).Append((byte)'\n').ToArray().CopyTo(new Span<byte>((byte*)text, (int)page));
            _ = Unmap(text, page);
            _ = SetLength(file, (ulong)NodeList.Length + 1);
        }

        return error;
    }
}
