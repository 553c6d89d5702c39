using System.Runtime.InteropServices;
using NativeVm.Platform;
using NativeVm.Platform.Posix.Native;

namespace NativeVm.Tests.Platform.Posix;

/// <summary>
/// The real system, whose calls fail with an error number once one is set, and which passes for another one if asked:
/// its files are then what the test says, and its calls for inheritance are noted and not made.
/// </summary>
internal sealed unsafe class RefusingBinding : NativePosixBinding
{
    /// <summary>The system that it passes for.</summary>
    public PosixSystem Pretended { get; init; } = PosixSystem.Linux;

    /// <summary>The processor that it passes for.</summary>
    public Architecture PretendedArchitecture { get; init; } = RuntimeInformation.ProcessArchitecture;

    /// <summary>There is no library that knows the instruction caches.</summary>
    public bool LacksCodeCache { get; init; }

    /// <summary>What was asked of <c>minherit</c> last; -1 at first.</summary>
    public int LastInheritance { get; private set; } = -1;

    public override PosixSystem Kind => Pretended;

    public override Architecture Architecture => PretendedArchitecture;

    /// <summary>The number; 0 for none.</summary>
    public int Error { get; set; }

    /// <summary>What a file holds instead of what it does: the end of its path, and its text.</summary>
    public Dictionary<string, string> Texts { get; init; } = [];

    public override void Publish(nuint address, nuint byteCount)
    {
        if (LacksCodeCache)
        {
            throw new EntryPointNotFoundException();
        }

        base.Publish(address, byteCount);
    }

    protected override int InheritCore(nuint address, nuint byteCount, int inheritance)
    {
        LastInheritance = inheritance;
        return Error;
    }

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

        file = -1;
        return Pretended == PosixSystem.Linux ? base.OpenFileCore(path, out file) : NoEntry;
    }

    private const int NoEntry = 2;

    private int Write(string text, out int file)
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, text);
        int error = OpenObject(System.Text.Encoding.UTF8.GetBytes(path + '\0'), writable: false, create: false, out file);
        File.Delete(path);
        return error;
    }
}
