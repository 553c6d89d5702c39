using System.Diagnostics;
using System.Globalization;

namespace NativeVm.Tests.Support;

/// <summary>
/// A control group of its own with a limit on memory, for a child process to enter: <c>cgroups(7)</c>, version 2 where
/// its controller is handed on, else version 1. It goes when it is disposed of, by when nobody is in it.
/// </summary>
internal sealed class MemoryGroup : IDisposable
{
    private const string Version2 = "/sys/fs/cgroup";
    private const string Version1 = "/sys/fs/cgroup/memory";

    private readonly bool _isVersion1;

    private MemoryGroup(string path, bool isVersion1)
    {
        Path = path;
        _isVersion1 = isVersion1;
    }

    /// <summary>Its folder.</summary>
    public string Path { get; }

    /// <summary>The file that a process enters it by.</summary>
    public string EntryFile => Path + "/cgroup.procs";

    /// <summary>The file that says how many bytes it is charged with.</summary>
    public string UsageFile => Path + (_isVersion1 ? "/memory.usage_in_bytes" : "/memory.current");

    /// <summary>How many processes the limit has ended.</summary>
    public long KillCount
    {
        get
        {
            string[] lines = File.ReadAllLines(Path + (_isVersion1 ? "/memory.oom_control" : "/memory.events"));
            string line = Array.Find(lines, static line => line.StartsWith("oom_kill ", StringComparison.Ordinal)) ?? "oom_kill 0";
            return long.Parse(line.AsSpan("oom_kill ".Length), CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Makes one.</summary>
    /// <param name="byteCount">The most that it may be charged with.</param>
    /// <param name="whyNot">What it failed of.</param>
    public static MemoryGroup? TryCreate(long byteCount, out string whyNot)
    {
        bool isVersion2 = Holds(Version2 + "/cgroup.subtree_control", "memory");
        if (!isVersion2 && !Directory.Exists(Version1))
        {
            whyNot = "no group hands the controller of memory on";
            return null;
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"nativevm-{Guid.NewGuid():N}");
        MemoryGroup group = new((isVersion2 ? Version2 : Version1) + "/" + name, !isVersion2);
        try
        {
            Directory.CreateDirectory(group.Path);
            group.Limit(byteCount);
            whyNot = "";
            return group;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            group.Dispose();
            whyNot = e.Message;
            return null;
        }
    }

    /// <summary>Why none can be made here; null where one can.</summary>
    public static string? WhyMissing()
    {
        using MemoryGroup? group = TryCreate(64 << 20, out string whyNot);
        return group is null ? whyNot : group.WhyClosed();
    }

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path);
        }
    }

    // Whoever may make a group need not be allowed to move a process into it.
    private string? WhyClosed()
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"echo $$ > '{EntryFile}'"])
        {
            RedirectStandardError = true,
        })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : error.Trim();
    }

    // What is written to swap is not charged, so none may be.
    private void Limit(long byteCount)
    {
        string bytes = byteCount.ToString(CultureInfo.InvariantCulture);
        File.WriteAllText(Path + (_isVersion1 ? "/memory.limit_in_bytes" : "/memory.max"), bytes);
        string swap = Path + (_isVersion1 ? "/memory.swappiness" : "/memory.swap.max");
        if (File.Exists(swap))
        {
            File.WriteAllText(swap, "0");
        }
    }

    private static bool Holds(string file, string word) =>
        File.Exists(file) && File.ReadAllText(file).Split([' ', '\n']).Contains(word);
}
