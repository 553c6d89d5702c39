using NativeVm.Platform;

namespace NativeVm.Testing;

/// <summary>What stands behind the pages of a run, as far as it keeps neighbours from being one mapping.</summary>
internal readonly record struct BackingKey
{
    /// <summary>The object's number, or 0 for anonymous memory.</summary>
    public long Object { get; init; }

    /// <summary>
    /// Offset into the object less address, wrapping: the same for all pages of a mapping, and for a neighbour that
    /// goes on where it ends.
    /// </summary>
    public ulong Phase { get; init; }

    public MappingSharing Sharing { get; init; }

    /// <summary>The pages can never be made writable: a shared mapping of what was opened for reading.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>The number of the mapping where the system keeps each one apart; else 0.</summary>
    public long View { get; init; }

    /// <summary>Explicit huge pages.</summary>
    public bool IsHuge { get; init; }

    /// <summary>One more than the preferred node; 0 for none.</summary>
    public int NodePlusOne { get; init; }

    public bool IsObject => Object != 0;
}
