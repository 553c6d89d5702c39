using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform;

/// <summary>Accesses to guards and objects that kill. Each runs in a child process.</summary>
internal static unsafe class ObjectScenarios
{
    private static VmPlatform Subject => VmPlatform.Current;

    public static void TouchGuard(string[] arguments)
    {
        nuint page = Subject.PageSize;
        PlatformRange range = PlatformRange.Commit(Subject, 4 * page);
        range.Bytes().Fill(1);
        Subject.InstallGuard(range.Address + (2 * page), page).ThrowIfRefused();
        range.Bytes(0, 2 * page).Fill(2);
        range.Bytes(3 * page, page).Fill(2);
        Kill(range.Address + (2 * page));
    }

    public static void TouchBeyondShrunkenFile(string[] arguments)
    {
        nuint page = Subject.PageSize;
        Subject.OpenFile(arguments[0], MemoryObjectAccess.ReadWrite, 4 * page, out MemoryObjectHandle? handle).ThrowIfRefused();
        PlatformView view = new(Subject, 4 * page, handle!, PageProtection.ReadWrite);
        view.Bytes.Fill(1);
        using (FileStream stream = File.OpenWrite(arguments[0]))
        {
            stream.SetLength((long)page);
        }

        view.Bytes[..(int)page].Fill(2);
        Kill(view.Address + (2 * page));
    }

    public static void WriteExecutableView(string[] arguments)
    {
        nuint granule = Subject.AllocationGranularity;
        Subject.CreateSharedMemory(granule, "child", out MemoryObjectHandle? handle).ThrowIfRefused();
        PlatformView writable = new(Subject, granule, handle!, PageProtection.ReadWrite);
        PlatformView executable = new(Subject, granule, handle!, PageProtection.ReadExecute);
        writable.Bytes.Fill(1);
        Assert.Equal(1, executable.Bytes[0]);
        Kill(executable.Address);
    }

    private static void Kill(nuint address)
    {
        Console.Out.WriteLine(ChildScenarios.ReachedFault);
        Console.Out.Flush();
        Volatile.Write(ref *(byte*)address, 1);
    }
}
