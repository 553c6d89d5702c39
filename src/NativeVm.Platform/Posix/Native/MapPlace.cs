namespace NativeVm.Platform.Posix.Native;

/// <summary>What the address of an <c>mmap</c> means.</summary>
internal enum MapPlace : byte
{
    /// <summary>Nothing: the system chooses.</summary>
    Anywhere,

    /// <summary>The place, and whatever is there is replaced: MAP_FIXED.</summary>
    Replace,
}
