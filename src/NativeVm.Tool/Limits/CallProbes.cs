using System.Runtime.CompilerServices;
using NativeVm.Platform;
using NativeVm.Tool.Profiling.Memory;

namespace NativeVm.Tool.Limits;

/// <summary>The calls that <c>nativevm limits</c> times, on one reservation of its own.</summary>
/// <remarks>
/// In the middle of reserved pages stand 64 KiB that the probes commit, touch, protect and give back; each probe
/// leaves them reserved, or the next would measure what this one left.
/// </remarks>
internal sealed unsafe class CallProbes : IDisposable
{
    private const nuint Piece = 64 << 10;
    private static readonly nuint Terabyte = unchecked((nuint)(1UL << 40));

    private readonly VmPlatform _platform;
    private readonly nuint _byteCount;
    private readonly nuint _base;
    private readonly nuint _piece;
    private nuint _elsewhere;

    /// <summary>Reserves what the probes work on.</summary>
    /// <param name="platform">The platform.</param>
    public CallProbes(VmPlatform platform)
    {
        _platform = platform;
        nuint block = Math.Max(platform.HugePageSize, Piece);
        _byteCount = block * 4;
        platform.Reserve(_byteCount, Placement.Aligned(Math.Max(block, platform.AllocationGranularity)), out _base).ThrowIfRefused();
        _piece = _base + (block * 2);
    }

    /// <summary>The probes, in the order in which they are told.</summary>
    public IEnumerable<CallProbe> All()
    {
        int pages = (int)(Piece / _platform.PageSize);
        yield return new("reserve and release", () => Reserve(Piece, isReleased: true));
        if (!OperatingSystem.IsWindows())
        {
            yield return new("reserve and release 1 TiB", () => Reserve(Terabyte, isReleased: true));
        }

        yield return new("reserve, commit and release", ReserveCommitRelease);
        yield return new("commit amid reserved pages", Commit, after: Decommit);
        yield return new("commit beside committed pages", CommitUpper, before: CommitLower, after: DecommitBoth);
        yield return new($"first touch of a page ({pages} in a row)", Touch, Commit, Decommit, pages);
        if (_platform.HugePageSize != 0 && _platform.Supports(PageAdvice.HugePages))
        {
            int hugePages = (int)(_platform.HugePageSize / _platform.PageSize);
            yield return new("first touch of a page in a huge page", TouchHuge, CommitHuge, DecommitHuge, hugePages);
        }

        if (_platform.Supports(PlatformCapabilities.Populate))
        {
            yield return new("prefault", () => _platform.Prefault(_piece, Piece).ThrowIfRefused(), Commit, Decommit);
        }

        yield return new("clear, resident and in the cache", Clear, CommitClear, Decommit);
        yield return new("purge, untouched", Purge, Commit, Decommit);
        yield return new("purge, resident", Purge, CommitTouch, Decommit);
        yield return new("decommit, resident", Decommit, CommitTouch);
        yield return new("protect to read only, resident", () => Protect(PageProtection.Read), CommitTouch, Decommit);
        yield return new("protect to no access, resident", () => Protect(PageProtection.None), CommitTouch, Decommit);
        yield return new("guard a page", () => _platform.InstallGuard(_piece, _platform.PageSize).ThrowIfRefused(), Commit, Decommit);
    }

    /// <summary>Gives the reservation back.</summary>
    public void Dispose() => _platform.Release(_base, _byteCount).ThrowIfRefused();

    private void Reserve(nuint byteCount, bool isReleased)
    {
        _platform.Reserve(byteCount, Placement.Anywhere, out _elsewhere).ThrowIfRefused();
        if (isReleased)
        {
            _platform.Release(_elsewhere, byteCount).ThrowIfRefused();
        }
    }

    private void ReserveCommitRelease()
    {
        Reserve(Piece, isReleased: false);
        _platform.Commit(_elsewhere, Piece, PageProtection.ReadWrite).ThrowIfRefused();
        _platform.Release(_elsewhere, Piece).ThrowIfRefused();
    }

    private void Commit() => _platform.Commit(_piece, Piece, PageProtection.ReadWrite).ThrowIfRefused();

    private void CommitLower() => _platform.Commit(_piece - Piece, Piece, PageProtection.ReadWrite).ThrowIfRefused();

    private void CommitUpper() => Commit();

    private void Decommit() => _platform.Decommit(_piece, Piece).ThrowIfRefused();

    private void DecommitBoth() => _platform.Decommit(_piece - Piece, 2 * Piece).ThrowIfRefused();

    private void CommitTouch()
    {
        Commit();
        Touch();
    }

    private void CommitClear()
    {
        Commit();
        Clear();
    }

    private void Touch() => PageTouch.All(ref *(byte*)_piece, Piece);

    private void Clear() => Unsafe.InitBlock((void*)_piece, 0, (uint)Piece);

    private void Purge() => _platform.Purge(_piece, Piece).ThrowIfRefused();

    private void Protect(PageProtection protection) => _platform.Protect(_piece, Piece, protection).ThrowIfRefused();

    private void CommitHuge()
    {
        _platform.Commit(_piece, _platform.HugePageSize, PageProtection.ReadWrite).ThrowIfRefused();
        _platform.Advise(_piece, _platform.HugePageSize, PageAdvice.HugePages).ThrowIfRefused();
    }

    private void TouchHuge() => PageTouch.All(ref *(byte*)_piece, _platform.HugePageSize);

    private void DecommitHuge() => _platform.Decommit(_piece, _platform.HugePageSize).ThrowIfRefused();
}
