namespace NativeVm.Platform.Windows;

/// <summary>What this version of Windows can do, as <see cref="WindowsProbe"/> saw it happen.</summary>
[Flags]
internal enum WindowsFeatures
{
    /// <summary>Only what every version can.</summary>
    None = 0,

    /// <summary><c>VirtualAlloc2</c> heeds the lowest address that it is given.</summary>
    LowestAddress = 1,

    /// <summary><c>VirtualAlloc2</c> heeds the highest address that it is given.</summary>
    HighestAddress = 2,

    /// <summary><c>VirtualAlloc2</c> heeds the alignment that it is given.</summary>
    Alignment = 4,

    /// <summary>Placeholders can be reserved, split and replaced.</summary>
    Placeholders = 8,

    /// <summary><c>DiscardVirtualMemory</c>.</summary>
    Discard = 16,

    /// <summary><c>PrefetchVirtualMemory</c>.</summary>
    Prefetch = 32,

    /// <summary><c>WerRegisterExcludedMemoryBlock</c>.</summary>
    ExcludedMemoryBlocks = 64,

    /// <summary>Sections of the page file, and views of them.</summary>
    Sections = 128,

    /// <summary>Large pages, in a placeholder, by a process that holds the privilege.</summary>
    LargePages = 256,
}
