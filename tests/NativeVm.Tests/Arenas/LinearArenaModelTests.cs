using FsCheck;
using FsCheck.Fluent;

namespace NativeVm.Tests.Arenas;

/// <summary>Random operations, shrunk to the shortest list that fails.</summary>
public sealed class LinearArenaModelTests
{
    private const nuint KiB = TestArenas.KiB;

    public static TheoryData<string> Variants => [.. Options.Keys];

    private static Dictionary<string, LinearArenaOptions> Options => new()
    {
        ["plain"] = new() { ByteCount = 1024 * KiB },
        ["small steps"] = new() { ByteCount = 1024 * KiB, CommitStep = 1 },
        ["limited"] = new() { ByteCount = 1024 * KiB, MemoryLimit = 129 * KiB, CommitStep = 4096 },
        ["not zeroed"] = new() { ByteCount = 1024 * KiB, ZeroesMemory = false },
        ["fill patterns"] = new() { ByteCount = 1024 * KiB, Checks = ArenaChecks.FillPatterns },
        ["fill patterns, not zeroed"] = new() { ByteCount = 1024 * KiB, Checks = ArenaChecks.FillPatterns, ZeroesMemory = false },
        ["guards"] = new() { ByteCount = 4096 * KiB, Checks = ArenaChecks.Guards },
        ["guards and fill patterns"] = new() { ByteCount = 4096 * KiB, Checks = ArenaChecks.Guards | ArenaChecks.FillPatterns, MemoryLimit = 512 * KiB },
        ["huge pages"] = new() { ByteCount = 4096 * KiB, UsesHugePages = true },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void An_arena_does_what_a_list_does(string variant)
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(byte, ushort)[]>(), operations =>
        {
            using LinearArenaModel model = new(Options[variant]);
            model.Run(operations);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(200));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void An_arena_does_what_a_list_does_for_long(string variant)
    {
        Random random = new(23);
        (byte, ushort)[] operations = new (byte, ushort)[4000];
        for (int i = 0; i < operations.Length; i++)
        {
            operations[i] = ((byte)random.Next(256), (ushort)random.Next(65536));
        }

        using LinearArenaModel model = new(Options[variant]);
        model.Run(operations);
        model.Run(operations);
    }
}
