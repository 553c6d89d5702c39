using NativeVm.Platform.Posix.Native;
using NativeVm.Platform.Posix.Proc;

namespace NativeVm.Platform.Posix;

/// <summary>
/// The platform over <c>mmap(2)</c> and its family.
/// </summary>
/// <remarks>
/// <para>
/// A reservation is a private anonymous mapping without access and without a promise of memory (PROT_NONE,
/// MAP_NORESERVE). A commit is <c>mprotect</c>, never a second <c>mmap</c>: one that fails half-way can leave a hole
/// for another thread to fall into. A decommit maps afresh over the range, in one call: the pages are gone, and the
/// new mapping is like the reservation around it, so that the kernel makes them one again. Decommitting by
/// <c>mprotect</c> would leave the mappings split for ever, and Linux allows a process 65,530 of them.
/// </para>
/// <para>
/// <see cref="SystemCallCount"/> counts every call, those that read <c>/proc</c> and those that found out the
/// platform's properties included.
/// </para>
/// </remarks>
internal sealed partial class PosixPlatform : VmPlatform
{
    private readonly PosixBinding _binding;
    private readonly nuint _pageSize;
    private readonly uint _supportedAdvice;

    /// <summary>A platform over a binding. Finds out what the system can do, in a few dozen system calls.</summary>
    public PosixPlatform(PosixBinding binding)
    {
        _binding = binding;
        _pageSize = binding.QueryPageSize();
        SystemSettings settings = SystemSettings.Read(binding, _pageSize);
        LowestAddress = (nuint)settings.LowestAddress;
        HighestAddress = (nuint)settings.HighestAddress;
        HugePageSize = settings.HugePageSize;
        MappingLimit = settings.MappingLimit;
        _supportedAdvice = ProbeAdvice(settings.AreHugePagesOff);
        NumaNodeCount = settings.NumaNodeCount;
        Capabilities = ProbeCapabilities();
        string system = binding.Kind switch
        {
            PosixSystem.Linux => "linux",
            PosixSystem.MacOS => "osx",
            _ => "freebsd",
        };
        Name = $"{system}-{binding.Architecture.ToString().ToLowerInvariant()} ({binding.Name})";
    }

    private bool IsLinux => _binding.Kind == PosixSystem.Linux;

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override nuint PageSize => _pageSize;

    /// <inheritdoc/>
    public override nuint AllocationGranularity => _pageSize;

    /// <inheritdoc/>
    public override nuint HugePageSize { get; }

    /// <inheritdoc/>
    public override nuint LowestAddress { get; }

    /// <inheritdoc/>
    public override nuint HighestAddress { get; }

    /// <inheritdoc/>
    public override nuint MappingLimit { get; }

    /// <inheritdoc/>
    public override PlatformCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public override long SystemCallCount => _binding.CallCount;

    /// <inheritdoc/>
    public override bool Supports(PageAdvice advice) =>
        advice <= PageAdvice.IncludeInFork && (_supportedAdvice & (1u << (int)advice)) != 0;

    private uint ProbeAdvice(bool areHugePagesOff)
    {
        uint supported = 0;
        for (PageAdvice advice = PageAdvice.Normal; advice <= PageAdvice.IncludeInFork; advice++)
        {
            if (_binding.HasAdvice(advice) && !(areHugePagesOff && advice == PageAdvice.HugePages))
            {
                supported |= 1u << (int)advice;
            }
        }

        return supported;
    }

    private PlatformCapabilities ProbeCapabilities()
    {
        PlatformCapabilities found = PlatformCapabilities.ReleaseTail
            | PlatformCapabilities.RangesSpanReservations
            | PlatformCapabilities.Placeholders;
        if (IsLinux)
        {
            found |= PlatformCapabilities.PurgeReadsZero;
        }

        if (_binding.HasPopulate())
        {
            found |= PlatformCapabilities.Populate;
        }

        if (_binding.HasGuards())
        {
            found |= PlatformCapabilities.GuardRegions;
        }

        if (Supports(PageAdvice.ExcludeFromCoreDumps))
        {
            found |= PlatformCapabilities.ExcludeFromCoreDumps;
        }

        if (HasSharedMemory())
        {
            found |= PlatformCapabilities.SharedMemoryObjects;
        }

        if (HasExplicitHugePages())
        {
            found |= PlatformCapabilities.ExplicitHugePages;
        }

        if (HasPreferredNode())
        {
            found |= PlatformCapabilities.PreferredNode;
        }

        return found;
    }
}
