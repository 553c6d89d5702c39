using NativeVm.Platform;

namespace NativeVm.Tool.Replay.Targets;

/// <summary>A growable <see cref="VmMap"/> on real pages.</summary>
internal sealed class VmMapTarget : IReplayTarget
{
    private const nuint InitialByteCount = 64 << 20;
    private const ulong LargestByteCount = 1UL << 46;
    private const ulong SmallestSpan = 1UL << 30;
    private const ulong Room = 16;

    private static readonly VmEntryAttributes Reserved = VmEntryAttributes.Reserved;
    private readonly VmMap _map;
    private readonly VmPlatform _platform;
    private readonly long _firstSystemCall;

    /// <summary>Makes an empty map.</summary>
    /// <param name="platform">Where its pages come from.</param>
    /// <param name="peakMappedByteCount">The most bytes that will be mapped at once.</param>
    public VmMapTarget(VmPlatform platform, ulong peakMappedByteCount)
    {
        _platform = platform;
        _firstSystemCall = platform.SystemCallCount;

        // First fit needs room for what it leaves between entries. Not more than that: Wine, unlike the systems, keeps
        // a byte for every page that was ever reserved.
        ulong wanted = Math.Max(SmallestSpan, Math.Min(peakMappedByteCount, LargestByteCount / Room) * Room);
        _map = new VmMap(new VmMapOptions
        {
            ByteCount = InitialByteCount,
            IsGrowable = true,
            MaxByteCount = (nuint)wanted,
            Platform = platform,
        });
    }

    /// <inheritdoc/>
    public string Name => "NativeVm";

    /// <inheritdoc/>
    public long SystemCallCount => _platform.SystemCallCount - _firstSystemCall;

    /// <inheritdoc/>
    public string? Refusal { get; private set; }

    /// <inheritdoc/>
    public bool TryMap(nuint byteCount, PageProtection protection, out nuint address) =>
        IsDone(_map.Find(byteCount, Attributes(protection), out address), "find");

    /// <inheritdoc/>
    public bool TryReplace(in BlockPart part, PageProtection protection)
    {
        using VmMapLockScope scope = _map.EnterWriteLock();
        return IsDone(_map.Delete(part.Address, part.ByteCount), "delete")
            && IsDone(_map.Insert(part.Address, part.ByteCount, Attributes(protection)), "insert");
    }

    /// <inheritdoc/>
    public bool TryUnmap(in BlockPart part) => IsDone(_map.Remove(part.Address, part.ByteCount), "remove");

    /// <inheritdoc/>
    public bool TryProtect(in BlockPart part, PageProtection protection)
    {
        using VmMapLockScope scope = _map.EnterWriteLock();
        return (protection == PageProtection.None
                || IsDone(_map.Commit(part.Address, part.ByteCount, protection), "commit"))
            && IsDone(_map.Protect(part.Address, part.ByteCount, protection), "protect");
    }

    /// <inheritdoc/>
    public bool TryDiscard(in BlockPart part, PageProtection protection)
    {
        SystemReply reply = _platform.Purge(part.Address, part.ByteCount);
        return reply.IsSuccess || IsDone(VmResult.Refused(reply), "purge");
    }

    /// <inheritdoc/>
    public void Dispose() => _map.Dispose();

    private static VmEntryAttributes Attributes(PageProtection protection) => protection == PageProtection.None
        ? Reserved
        : VmEntryAttributes.ReadWrite with { Protection = protection };

    private bool IsDone(VmResult result, string operation)
    {
        if (!result.IsSuccess)
        {
            Refusal = $"{operation}: {result}";
        }

        return result.IsSuccess;
    }
}
