using System.Globalization;
using NativeVm.Platform;

namespace NativeVm;

/// <summary>What went wrong with a <see cref="PersistentArena"/>, in words; the default value is that nothing did.</summary>
/// <param name="Error">What went wrong.</param>
/// <param name="Path">The file.</param>
/// <param name="Refusal">The system's refusal, if there was one.</param>
/// <param name="Expected">An address, a length in bytes or a version, as <paramref name="Error"/> needs it.</param>
/// <param name="Found">Another one.</param>
public readonly record struct PersistentArenaFailure(
    PersistentArenaError Error, string Path, SystemReply Refusal = default, ulong Expected = 0, ulong Found = 0)
{
    /// <summary>What went wrong and what to do about it.</summary>
    public override string ToString() => Error switch
    {
        PersistentArenaError.None => "Success",
        PersistentArenaError.NotFound =>
            $"There is no file {Path}; open it for reading and writing to have it made.",
        PersistentArenaError.ReadOnly =>
            $"{Path} may not be written; open the arena for reading, or give the process the right to write. {Refusal}",
        PersistentArenaError.NotAnArena => $"{Path} is no arena; choose another path. Nothing in it was changed.",
        PersistentArenaError.OtherVersion =>
            Say($"{Path} is of version {Found}, and this program reads version {Expected}; open it with the program that wrote it."),
        PersistentArenaError.Damaged => $"Neither of the headers of {Path} is whole; take the last good copy of the file.",
        PersistentArenaError.Truncated =>
            Say($"{Path} has {Found:N0} bytes, and {Expected:N0} belong to the arena: somebody cut it off. Take the last good copy of the file."),
        PersistentArenaError.AddressTaken =>
            Say($"The arena in {Path} was made at 0x{Expected:x}, where its pointers point to, and that range is taken or out of reach in this process; open it earlier, or in another process. {Refusal}"),
        PersistentArenaError.Full =>
            Say($"The arena in {Path} has no room for that in its {Expected:N0} bytes; make a new one with a larger MaxByteCount."),
        _ => $"{Path}: {Refusal}",
    };

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
