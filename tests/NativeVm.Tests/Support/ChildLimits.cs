using System.Globalization;

namespace NativeVm.Tests.Support;

/// <summary>Limits of a child process, after <c>ulimit</c>; null leaves one as it is.</summary>
internal readonly record struct ChildLimits
{
    /// <summary>Bytes of address space (<c>ulimit -v</c>).</summary>
    public long? AddressSpace { get; init; }

    /// <summary>Bytes that may be locked (<c>ulimit -l</c>).</summary>
    public long? LockedMemory { get; init; }

    /// <summary>Bytes of private writable memory (<c>ulimit -d</c>).</summary>
    public long? Data { get; init; }

    /// <summary>A directory in place of which the child, and only it, sees an empty file system of a mebibyte.</summary>
    public string? SmallDevice { get; init; }

    /// <summary>A control group that the child enters before it becomes the program.</summary>
    public MemoryGroup? Group { get; init; }

    /// <summary>The shell commands that set them; a child that is to die leaves no core dump.</summary>
    public string ToShell() => "ulimit -c 0;" + Mount(SmallDevice) + Enter(Group) + Set('v', AddressSpace) + Set('l', LockedMemory) + Set('d', Data);

    private static string Mount(string? directory) =>
        directory is null ? "" : $" mount -t tmpfs -o size=1m none '{directory}' || exit 98;";

    private static string Enter(MemoryGroup? group) => group is null ? "" : $" echo $$ > '{group.EntryFile}' || exit 97;";

    private static string Set(char option, long? byteCount) => byteCount is { } bytes
        ? string.Create(CultureInfo.InvariantCulture, $" ulimit -{option} {bytes / 1024} || exit 99;")
        : "";
}
