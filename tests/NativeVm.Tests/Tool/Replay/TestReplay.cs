using NativeVm.Platform;
using NativeVm.Tests.Tool.Traces;
using NativeVm.Tool.Replay;
using NativeVm.Tool.Replay.Script;

namespace NativeVm.Tests.Tool.Replay;

/// <summary>Replays text into a <see cref="FakeTarget"/>.</summary>
internal static class TestReplay
{
    public static ReplayOptions Options { get; } = new()
    {
        PageSize = FakeTarget.PageSize,
        QueryMemory = () => new ProcessMemory(1000, 2000, 3, 4),
        IsTouching = false,
    };

    public static ReplayScript Script(params string[] lines) => ScriptBuilder.Build(TraceText.Read(lines), 4096);

    /// <summary>What a target is asked for by a trace, the removal at the end after a bar.</summary>
    public static string Requests(params string[] lines)
    {
        ReplayScript script = Script(lines);
        FakeTarget target = new();
        ReplayRun run = ReplayEngine.Run(script, () => target, Options);
        Assert.Empty(target.Pages);
        Assert.True(target.IsDisposed);
        Assert.Equal(target.Requests.Count, run.CallCount);
        int removal = target.Requests.Count - script.Removal.Length;
        return string.Join(", ", target.Requests.Take(removal)) + " | " + string.Join(", ", target.Requests.Skip(removal));
    }

    public static string MapLine(int pid, int page, int count, string protection = "PROT_READ|PROT_WRITE") =>
        $"{pid} mmap(NULL, {count * 4096}, {protection}, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x{page:x}000";

    public static string MapFileLine(int pid, int page, int count) =>
        $"{pid} mmap(NULL, {count * 4096}, PROT_READ, MAP_PRIVATE, 3, 0) = 0x{page:x}000";

    public static string UnmapLine(int pid, int page, int count) => $"{pid} munmap(0x{page:x}000, {count * 4096}) = 0";

    public static string ProtectLine(int pid, int page, int count, string protection) =>
        $"{pid} mprotect(0x{page:x}000, {count * 4096}, {protection}) = 0";
}
