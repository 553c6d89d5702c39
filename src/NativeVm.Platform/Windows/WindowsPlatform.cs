using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using NativeVm.Platform.Windows.Native;
using TerraFX.Interop.Windows;

namespace NativeVm.Platform.Windows;

/// <summary>Windows, by <c>VirtualAlloc</c> and its relatives.</summary>
/// <remarks>
/// <para>
/// A reservation is one allocation of <c>VirtualAlloc</c>: it starts at a multiple of 64 KiB, is released as a whole,
/// and no call may reach over its ends, even into a reservation right beside it. Committed memory is charged against
/// the system's commit limit at once, so shortage is a refused commit and not a crash at first touch.
/// </para>
/// <para>
/// What depends on the version of Windows is found out by <see cref="WindowsProbe"/>, once. And where
/// <c>VirtualAlloc2</c> is asked for a place, its answer is checked all the same: an implementation that ignores a
/// requirement says success.
/// </para>
/// <para>
/// No call allocates on the managed heap. The system's error number is read straight after each call, before
/// anything else can overwrite it.
/// </para>
/// </remarks>
[SupportedOSPlatform("windows10.0")]
internal sealed unsafe partial class WindowsPlatform : VmPlatform
{
    private readonly WindowsBinding _system;
    private long _systemCallCount;

    public WindowsPlatform()
        : this(new WindowsBinding())
    {
    }

    /// <summary>A platform over a Windows of its own.</summary>
    /// <param name="system">Its calls.</param>
    public WindowsPlatform(WindowsBinding system)
    {
        _system = system;
        SYSTEM_INFO info = default;
        system.GetSystemInfo(&info);
        PageSize = info.dwPageSize;
        AllocationGranularity = info.dwAllocationGranularity;
        HugePageSize = system.GetLargePageMinimum();
        LowestAddress = (nuint)info.lpMinimumApplicationAddress;

        // The system names the last address that may be used, not the first that may not.
        HighestAddress = (nuint)info.lpMaximumApplicationAddress + 1;
        NumaNodeCount = CountNodes();
        Features = WindowsProbe.Run(system, AllocationGranularity);
        Capabilities = CapabilitiesOf(Features);
        Name = NameOfThis();
    }

    public override string Name { get; }

    public override nuint PageSize { get; }

    public override nuint AllocationGranularity { get; }

    public override nuint HugePageSize { get; }

    public override nuint LowestAddress { get; }

    public override nuint HighestAddress { get; }

    /// <summary>Windows sets no limit to the number of regions.</summary>
    public override nuint MappingLimit => 0;

    public override PlatformCapabilities Capabilities { get; }

    /// <summary>What was found to work here.</summary>
    public WindowsFeatures Features { get; }

    public override long SystemCallCount => Interlocked.Read(ref _systemCallCount);

    private bool Has(WindowsFeatures features) => (Features & features) == features;

    // Before the call, because an interlocked operation after it could stand between the call and its error number.
    private void CountCall() => Interlocked.Increment(ref _systemCallCount);

    private static SystemReply Refusal(SystemOperation operation, nuint address, nuint byteCount, int error) =>
        Refusal(operation, address, byteCount, WindowsErrors.ReasonOf(operation, error), error);

    private static SystemReply Refusal(
        SystemOperation operation, nuint address, nuint byteCount, RefusalReason reason, int error)
    {
        Debug.Assert(reason != RefusalReason.None, "A refusal has a reason.");
        return SystemReply.Refused(operation, address, byteCount, reason, ErrorDomain.Win32, error);
    }

    private static PlatformCapabilities CapabilitiesOf(WindowsFeatures features)
    {
        const WindowsFeatures Bounds =
            WindowsFeatures.LowestAddress | WindowsFeatures.HighestAddress | WindowsFeatures.Alignment;
        PlatformCapabilities capabilities = PlatformCapabilities.None;
        if ((features & Bounds) == Bounds)
        {
            capabilities |= PlatformCapabilities.BoundedReserve;
        }

        if ((features & WindowsFeatures.ExcludedMemoryBlocks) != 0)
        {
            capabilities |= PlatformCapabilities.ExcludeFromCoreDumps;
        }

        if ((features & WindowsFeatures.Placeholders) != 0)
        {
            capabilities |= PlatformCapabilities.Placeholders;
        }

        if ((features & WindowsFeatures.Sections) != 0)
        {
            capabilities |= PlatformCapabilities.SharedMemoryObjects;
        }

        if ((features & WindowsFeatures.LargePages) != 0)
        {
            capabilities |= PlatformCapabilities.ExplicitHugePages;
        }

        return capabilities;
    }

    private static string NameOfThis()
    {
#pragma warning disable CA1308 // Runtime identifiers are lower case.
        string architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
#pragma warning restore CA1308
#if USE_TERRAFX
        return $"windows-{architecture} (TerraFX)";
#else
        return $"windows-{architecture}";
#endif
    }
}
