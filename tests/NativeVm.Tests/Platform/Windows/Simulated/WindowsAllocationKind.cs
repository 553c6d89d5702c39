namespace NativeVm.Tests.Platform.Windows.Simulated;

/// <summary>What an allocation of a simulated Windows is.</summary>
internal enum WindowsAllocationKind
{
    /// <summary>Not of this process: what lies outside the windows that it may use.</summary>
    Foreign,

    /// <summary>By <c>VirtualAlloc</c>.</summary>
    Private,

    /// <summary>Addresses that can be split, joined and replaced.</summary>
    Placeholder,

    /// <summary>Memory that took the place of a placeholder.</summary>
    Replacement,

    /// <summary>A view of a section.</summary>
    View,

    /// <summary>A view that took the place of a placeholder.</summary>
    ReplacingView,
}
