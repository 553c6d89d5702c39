using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Platform;

/// <summary>Accesses that kill. Each runs in a child process.</summary>
internal static unsafe class FaultScenarios
{
    private static VmPlatform Subject => VmPlatform.Current;

    private static nuint Granule => Subject.AllocationGranularity;

    public static void TouchReserved(string[] arguments) =>
        Write(PlatformRange.Reserve(Subject, 4 * Granule).Address + Granule);

    public static void TouchDecommitted(string[] arguments)
    {
        PlatformRange range = PlatformRange.Commit(Subject, 4 * Granule);
        range.Bytes().Fill(1);
        Subject.Decommit(range.Address + Granule, Granule).ThrowIfRefused();
        range.Bytes(0, Granule).Fill(2);
        range.Bytes(2 * Granule, 2 * Granule).Fill(2);
        Read(range.Address + Granule);
    }

    public static void WriteReadOnly(string[] arguments)
    {
        PlatformRange range = PlatformRange.Commit(Subject, 4 * Granule);
        Subject.Protect(range.Address, 4 * Granule, PageProtection.Read).ThrowIfRefused();
        Assert.Equal(0, range.Bytes()[0]);
        Write(range.Address);
    }

    public static void TouchReleasedTail(string[] arguments)
    {
        // No other mapping may come to lie where the tail was: far from where the system puts them.
        PlatformRange range = PlatformRange.Commit(Subject, 4 * Granule, Placement.Below((nuint)1 << 32));
        Subject.ReleaseTail(range.Address, 4 * Granule, Granule).ThrowIfRefused();
        range.Bytes(0, Granule).Fill(2);
        Read(range.Address + Granule);
    }

    private static void Write(nuint address)
    {
        Announce();
        Volatile.Write(ref *(byte*)address, 1);
    }

    private static void Read(nuint address)
    {
        Announce();
        _ = Volatile.Read(ref *(byte*)address);
    }

    private static void Announce()
    {
        Console.Out.WriteLine(ChildScenarios.ReachedFault);
        Console.Out.Flush();
    }
}
