using NativeVm.Platform;

namespace NativeVm.Testing;

// What depends on contents, which are not simulated.
public sealed partial class SimulatedPlatform
{
    /// <inheritdoc/>
    /// <remarks>Every page may be a copy, and is said to be one.</remarks>
    protected override SystemReply QueryCopiedPagesCore(nuint address, nuint byteCount, Span<ulong> copies)
    {
        lock (_gate)
        {
            RequireCommitted(SystemOperation.QueryCopiedPages, address, byteCount);
            CountSystemCall();
            nuint pages = byteCount / PageSize;
            copies.Fill(ulong.MaxValue);
            copies[^1] >>= (int)(((nuint)copies.Length * 64) - pages);
            return SystemReply.Success;
        }
    }

    /// <inheritdoc/>
    protected override SystemReply PublishCodeCore(nuint address, nuint byteCount)
    {
        lock (_gate)
        {
            WidenToPages(ref address, ref byteCount);
            RequireCommitted(SystemOperation.PublishCode, address, byteCount);
            CountSystemCall();
            return SystemReply.Success;
        }
    }

    /// <inheritdoc/>
    protected override SystemReply ExtendFileCore(MemoryObjectHandle handle, ulong byteCount)
    {
        lock (_gate)
        {
            SimulatedFile file = Own(handle);
            CountSystemCall();
            if (handle.Access == MemoryObjectAccess.Read)
            {
                return Refuse(SystemOperation.ExtendFile, 0, (nuint)byteCount, RefusalReason.AccessDenied);
            }

            file.ByteCount = ulong.Max(file.ByteCount, byteCount);
            return SystemReply.Success;
        }
    }
}
