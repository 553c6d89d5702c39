using System.Globalization;
using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Objects;

/// <summary>What other processes do to an arena.</summary>
internal static unsafe class ArenaScenarios
{
    public static void AppendToArena(string[] arguments)
    {
        using PersistentArena arena = Open(arguments[0]);
        ArenaList.Append(arena, int.Parse(arguments[1], CultureInfo.InvariantCulture));
    }

    public static void DieWithUnflushedArena(string[] arguments)
    {
        PersistentArena arena = Open(arguments[0]);
        ArenaList.Append(arena, 1);
        arena.Flush();
        ArenaList.Append(arena, 5000);
        new Span<byte>((void*)arena.Allocate(512 << 10), 512 << 10).Fill(0xcc);
        Console.Out.WriteLine(ChildScenarios.ReachedFault);
        Console.Out.Flush();
        Environment.FailFast("The process dies with an arena that it has not flushed.");
    }

    public static void WriteArenaOpenedForReading(string[] arguments)
    {
        PersistentArena arena = PersistentArena.Open(new() { Path = arguments[0], Access = MemoryObjectAccess.Read });
        Console.Out.WriteLine(ChildScenarios.ReachedFault);
        Console.Out.Flush();
        Volatile.Write(ref *(byte*)arena.BaseAddress, 1);
    }

    private static PersistentArena Open(string path) =>
        PersistentArena.Open(new() { Path = path, MaxByteCount = 32 << 20 });
}
