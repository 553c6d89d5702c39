using System.Diagnostics.CodeAnalysis;

namespace NativeVm;

/// <summary>How a search for free space treats what it meets.</summary>
[Flags]
[SuppressMessage("Naming", "CA1711", Justification = "The name that vm_map's users know; the contract fixes it.")]
public enum FindSpaceFlags
{
    /// <summary>The result does not intersect the growth reserve of a stack.</summary>
    None = 0,

    /// <summary>The result may intersect the growth reserve of a stack (<c>MAP_STACK</c> of the kernel).</summary>
    Stack = 1,
}
