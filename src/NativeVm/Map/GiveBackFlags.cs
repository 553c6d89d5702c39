using System.Diagnostics.CodeAnalysis;

namespace NativeVm;

/// <summary>How memory is given back to the system.</summary>
[Flags]
[SuppressMessage("Naming", "CA1711", Justification = "The family's word for such an argument.")]
public enum GiveBackFlags
{
    /// <summary>Only whole huge pages of entries that huge pages may be behind.</summary>
    None = 0,

    /// <summary>
    /// Parts of a huge page too: the system breaks it up, and what is left of it is behind ordinary pages from then on.
    /// </summary>
    SplitHugePages = 1,
}
