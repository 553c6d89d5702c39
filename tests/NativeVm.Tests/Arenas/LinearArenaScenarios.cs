using NativeVm.Tests.Support;

namespace NativeVm.Tests.Arenas;

/// <summary>Accesses that kill. Each runs in a child process.</summary>
internal static unsafe class LinearArenaScenarios
{
    public static void OverrunGuard(string[] arguments)
    {
        LinearArena arena = new(new LinearArenaOptions { ByteCount = 1 << 20, Checks = ArenaChecks.Guards });
        nuint address = arena.Allocate(104);
        arena.Allocate(8);
        TestArenas.Bytes(address, 104).Fill(1);
        Write(address + 104);
        GC.KeepAlive(arena);
    }

    public static void UseAfterRewind(string[] arguments)
    {
        LinearArena arena = new(new LinearArenaOptions { ByteCount = 1 << 20, Checks = ArenaChecks.Guards });
        nuint address;
        using (arena.EnterScope())
        {
            address = arena.Allocate(104);
            TestArenas.Bytes(address, 104).Fill(1);
        }

        Write(address);
        GC.KeepAlive(arena);
    }

    public static void TouchTruncated(string[] arguments)
    {
        VirtualArray<long> array = new(new VirtualArrayOptions { Capacity = 1 << 20 });
        array.Resize(1 << 20);
        Span<long> all = array.AsSpan();
        all.Fill(3);
        array.Truncate(1000).ThrowIfFailed();
        Console.Out.WriteLine(ChildScenarios.ReachedFault);
        Console.Out.Flush();
        all[^1] = 1;
        GC.KeepAlive(array);
    }

    private static void Write(nuint address)
    {
        Console.Out.WriteLine(ChildScenarios.ReachedFault);
        Console.Out.Flush();
        Volatile.Write(ref *(byte*)address, 1);
    }
}
