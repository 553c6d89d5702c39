namespace NativeVm.Platform;

public abstract partial class VmPlatform
{
    /// <summary>
    /// Makes code that was written through another view the code that processors fetch:
    /// <c>__clear_cache</c>, <c>sys_icache_invalidate</c>, <c>FlushInstructionCache</c>. On x64, where the
    /// instruction caches follow writes by themselves, it does nothing.
    /// </summary>
    /// <param name="address">The first byte of the code, in the view that it is executed in; readable.</param>
    /// <param name="byteCount">Length in bytes; 0 does nothing.</param>
    /// <returns>
    /// Success, or a refusal: <see cref="RefusalReason.NotSupported"/> where the function that does it is not found.
    /// </returns>
    /// <remarks>
    /// Called after the code has been written and before its address is given away. A thread that may be executing the
    /// very bytes that are overwritten is not helped by it.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The range wraps.</exception>
    public SystemReply PublishCode(nuint address, nuint byteCount)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteCount, nuint.MaxValue - address);
        return byteCount == 0 ? SystemReply.Success : PublishCodeCore(address, byteCount);
    }

    /// <summary>Implements <see cref="PublishCode"/>; the arguments have been checked. Does nothing by default.</summary>
    /// <param name="address">The first byte of the code.</param>
    /// <param name="byteCount">Length in bytes, not 0.</param>
    protected virtual SystemReply PublishCodeCore(nuint address, nuint byteCount) => SystemReply.Success;
}
