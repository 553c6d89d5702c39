using NativeVm.Platform;
using NativeVm.Platform.Posix.Native;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>The real system, whose calls fail with an error number once one is set.</summary>
internal sealed unsafe class RefusingBinding : NativePosixBinding
{
    /// <summary>The number; 0 for none.</summary>
    public int Error { get; set; }

    /// <summary>What a file holds instead of what it does: the end of its path, and its text.</summary>
    public Dictionary<string, string> Texts { get; init; } = [];

    protected override int ProtectCore(nuint address, nuint byteCount, int protection) =>
        Error != 0 ? Error : base.ProtectCore(address, byteCount, protection);

    protected override int LockCore(nuint address, nuint byteCount) =>
        Error != 0 ? Error : base.LockCore(address, byteCount);

    protected override int UnlockCore(nuint address, nuint byteCount) =>
        Error != 0 ? Error : base.UnlockCore(address, byteCount);

    protected override int AdviseCore(nuint address, nuint byteCount, int advice) =>
        Error != 0 ? Error : base.AdviseCore(address, byteCount, advice);

    protected override int SynchronizeCore(nuint address, nuint byteCount) =>
        Error != 0 ? Error : base.SynchronizeCore(address, byteCount);

    protected override int MapObjectCore(
        nuint address,
        nuint byteCount,
        MapPlace place,
        int protection,
        MappingSharing sharing,
        int file,
        long offset,
        out nuint mapped)
    {
        mapped = 0;
        return Error != 0
            ? Error
            : base.MapObjectCore(address, byteCount, place, protection, sharing, file, offset, out mapped);
    }

    protected override int MapHugeCore(nuint byteCount, nuint hugePageSize, int protection, out nuint mapped)
    {
        mapped = 0;
        return Error != 0 ? Error : base.MapHugeCore(byteCount, hugePageSize, protection, out mapped);
    }

    protected override int OpenFileCore(byte* path, out int file)
    {
        string name = new((sbyte*)path);
        foreach ((string end, string text) in Texts)
        {
            if (name.EndsWith(end, StringComparison.Ordinal))
            {
                return Write(text, out file);
            }
        }

        return base.OpenFileCore(path, out file);
    }

    private int Write(string text, out int file)
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, text);
        int error = OpenObject(System.Text.Encoding.UTF8.GetBytes(path + '\0'), writable: false, create: false, out file);
        File.Delete(path);
        return error;
    }
}
