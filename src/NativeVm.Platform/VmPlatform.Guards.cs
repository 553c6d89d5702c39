namespace NativeVm.Platform;

public abstract partial class VmPlatform
{
    /// <summary>
    /// Makes every access to committed pages fault until the guard is removed: <c>madvise(MADV_GUARD_INSTALL)</c> where
    /// <see cref="PlatformCapabilities.GuardRegions"/> is there, without adding a mapping; elsewhere protection, which
    /// splits mappings.
    /// </summary>
    /// <param name="address">Start of the range, all committed anonymous memory, not locked.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <returns>
    /// Success, or a refusal; the range then has no guard, and its contents may be lost.
    /// </returns>
    /// <remarks>
    /// <para>
    /// The contents are given up, as by <see cref="Purge"/>, and leave the resident set; after the guard is removed
    /// the pages read as zeros where <see cref="PlatformCapabilities.PurgeReadsZero"/> is there.
    /// </para>
    /// <para>
    /// Installing a guard where there is one changes nothing. A guard stays through <see cref="Purge"/>, and goes with
    /// <see cref="Decommit"/> and with a release. <see cref="Commit"/> and <see cref="Protect"/> over a guard leave it
    /// in place where guard regions are there, and change what is allowed once it is removed; elsewhere they are
    /// not allowed on it. <see cref="Lock"/>, <see cref="Prefault"/> and advice on contents are not allowed on it
    /// anywhere. <see cref="Query"/> does not show a guard region, only the protection below.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps.</exception>
    public SystemReply InstallGuard(nuint address, nuint byteCount)
    {
        RequireRange(address, byteCount);
        return InstallGuardCore(address, byteCount);
    }

    /// <summary>Removes guards: the pages can be used again, and stay committed.</summary>
    /// <param name="address">Start of the range, all committed; pages without a guard keep their contents.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <param name="protection">
    /// The protection that the pages have to have afterwards. Where guard regions are there it is what the pages have
    /// below the guard, and is not set anew; elsewhere it is set on the whole range.
    /// </param>
    /// <returns>Success, or a refusal; the guards are then what they were.</returns>
    /// <exception cref="ArgumentException">The range is empty, unaligned or wraps, or would be writable and executable.</exception>
    public SystemReply RemoveGuard(nuint address, nuint byteCount, PageProtection protection)
    {
        RequireRange(address, byteCount);
        RequireProtection(protection);
        return RemoveGuardCore(address, byteCount, protection);
    }

    /// <summary>Implements <see cref="InstallGuard"/>; the arguments have been checked.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes.</param>
    protected abstract SystemReply InstallGuardCore(nuint address, nuint byteCount);

    /// <summary>Implements <see cref="RemoveGuard"/>; the arguments have been checked.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="byteCount">Length in bytes.</param>
    /// <param name="protection">The protection afterwards.</param>
    protected abstract SystemReply RemoveGuardCore(nuint address, nuint byteCount, PageProtection protection);
}
