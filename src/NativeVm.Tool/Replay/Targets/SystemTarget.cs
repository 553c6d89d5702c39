using System.Runtime.InteropServices;
using NativeVm.Platform;

namespace NativeVm.Tool.Replay.Targets;

/// <summary>The operating system itself: every step is the call that the traced program made.</summary>
internal abstract class SystemTarget : IReplayTarget
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public long SystemCallCount { get; private set; }

    /// <inheritdoc/>
    public string? Refusal { get; private set; }

    /// <summary>The target for the system that this process runs on.</summary>
    public static SystemTarget Create() => OperatingSystem.IsWindows() ? new WindowsTarget() : new PosixTarget();

    /// <inheritdoc/>
    public abstract bool TryMap(nuint byteCount, PageProtection protection, out nuint address);

    /// <inheritdoc/>
    public abstract bool TryReplace(in BlockPart part, PageProtection protection);

    /// <inheritdoc/>
    public abstract bool TryUnmap(in BlockPart part);

    /// <inheritdoc/>
    public abstract bool TryProtect(in BlockPart part, PageProtection protection);

    /// <inheritdoc/>
    public abstract bool TryDiscard(in BlockPart part, PageProtection protection);

    /// <inheritdoc/>
    public void Dispose()
    {
        // A replay unmaps all that it mapped; there is nothing else to give back.
    }

    /// <summary>Counts a call and keeps the error of one that failed.</summary>
    /// <param name="isDone">Whether the call succeeded.</param>
    /// <param name="call">The name of the call.</param>
    /// <param name="byteCount">The length that was asked for, in bytes.</param>
    protected bool Count(bool isDone, string call, nuint byteCount)
    {
        SystemCallCount++;
        if (!isDone)
        {
            Refusal = $"{call} of {byteCount:N0} bytes: {Marshal.GetLastPInvokeErrorMessage()}";
        }

        return isDone;
    }
}
