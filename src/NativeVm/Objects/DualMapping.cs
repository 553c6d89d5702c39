using System.Diagnostics;
using NativeVm.Diagnostics;
using NativeVm.Objects;
using NativeVm.Platform;

namespace NativeVm;

/// <summary>
/// Memory for generated code: one view of it can be written and the other executed, and never one view both.
/// </summary>
/// <remarks>
/// <para>
/// One memory object has two shared views, at unrelated addresses. Code is written into the writable view, at the
/// offset where it is to run, for the addresses of the executable one; <see cref="Publish"/> then makes it what
/// processors fetch. A write through the executable view faults, and so does a jump into the writable one; whoever
/// can be made to write to an address that he knows still has to find the other view. No call ever changes the
/// protection of either, so no other thread's code stops being executable for a moment.
/// </para>
/// <para>
/// Code is placed at offsets of the user's own choosing (<see cref="GetWritableSpan"/>,
/// <see cref="GetExecutableAddress"/>), or one piece after the other (<see cref="TryEmit"/>); not both. What is
/// written where another thread may be executing is that thread's danger; processors promise nothing for it.
/// </para>
/// <para>
/// <see cref="TryEmit"/> may be called by any number of threads; the rest reads only. Disposal must not meet a thread
/// that runs the code. A system that forbids memory that is first written and then executed (SELinux's
/// <c>execmem</c>, hardened processes of macOS) refuses construction with <see cref="RefusalReason.AccessDenied"/>.
/// </para>
/// </remarks>
[DebuggerDisplay("{Name,nq}: {AllocatedByteCount} of {Capacity} bytes")]
public sealed unsafe partial class DualMapping : IDisposable
{
    private readonly Lock _gate = new();
    private readonly VmPlatform _platform;
    private readonly ViewRow _writable;
    private readonly ViewRow _executable;
    private nuint _used;
    private bool _isDisposed;

    /// <summary>Makes both views, or throws.</summary>
    /// <param name="options">How large, and where.</param>
    /// <exception cref="ArgumentException">
    /// The length is 0 or no address space is that large, or the platform is not the map's.
    /// </exception>
    /// <exception cref="SystemRefusedException">The system refused; its message says what to do.</exception>
    /// <exception cref="VmMapException">The map has no room.</exception>
    public DualMapping(DualMappingOptions options)
        : this(options, Make(options))
    {
    }

    private DualMapping(DualMappingOptions options, in Views views)
    {
        (Name, _writable, _executable) = (options.Name, views.Writable!, views.Executable!);
        _platform = _writable.Platform;
        _ticket = LiveInstances.Add(this);
    }

    /// <summary>The name that was given.</summary>
    public string Name { get; }

    /// <summary>Bytes of code that it holds, a multiple of the platform's allocation granularity.</summary>
    public nuint Capacity => _writable.ByteCount;

    /// <summary>Where the view that can be written, and not executed, begins.</summary>
    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    public nuint WritableAddress
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _writable.Address;
        }
    }

    /// <summary>Where the view that can be executed, and not written, begins.</summary>
    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    public nuint ExecutableAddress
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _executable.Address;
        }
    }

    /// <summary>Bytes that <see cref="TryEmit"/> has placed, alignment included.</summary>
    public nuint AllocatedByteCount => Volatile.Read(ref _used);

    /// <summary>Makes both views, and says so when the system or the map refuses.</summary>
    /// <param name="options">How large, and where.</param>
    /// <param name="mapping">The mapping; null unless it succeeds.</param>
    /// <returns>
    /// Success; <see cref="VmResult.NoSpace"/> when the map has no room; <see cref="VmResult.ResourceShortage"/> with
    /// the system's refusal, <see cref="RefusalReason.NotSupported"/> where it has no such objects
    /// (<see cref="PlatformCapabilities.SharedMemoryObjects"/> tells beforehand) or cannot put them into a map
    /// (<see cref="VmMap.SupportsObjects"/>).
    /// </returns>
    /// <exception cref="ArgumentException">As the constructor.</exception>
    public static VmResult TryCreate(DualMappingOptions options, out DualMapping? mapping)
    {
        VmResult result = Make(options, out Views views);
        mapping = result.IsSuccess ? new DualMapping(options, views) : null;
        return result;
    }

    /// <summary>Part of the writable view.</summary>
    /// <param name="offset">Where it begins, in bytes.</param>
    /// <param name="byteCount">Its length in bytes, up to 2^31 - 1; 0 is an empty span.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not all of it lies in the view.</exception>
    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    public Span<byte> GetWritableSpan(nuint offset, nuint byteCount)
    {
        nuint address = WritableAddress;
        RequireInside(offset, byteCount);
        return new((void*)(address + offset), checked((int)byteCount));
    }

    /// <summary>Where code at an offset runs.</summary>
    /// <param name="offset">In bytes, below the capacity.</param>
    /// <exception cref="ArgumentOutOfRangeException">The offset does not lie in the view.</exception>
    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    public nuint GetExecutableAddress(nuint offset)
    {
        nuint address = ExecutableAddress;
        RequireInside(offset, 1);
        return address + offset;
    }

    /// <summary>Makes what was written the code that processors fetch.</summary>
    /// <param name="offset">Where it begins, in bytes.</param>
    /// <param name="byteCount">Its length in bytes; 0 does nothing.</param>
    /// <returns>As <see cref="VmPlatform.PublishCode"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Not all of it lies in the view.</exception>
    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    public SystemReply Publish(nuint offset, nuint byteCount)
    {
        nuint address = ExecutableAddress;
        RequireInside(offset, byteCount);
        return _platform.PublishCode(address + offset, byteCount);
    }

    /// <summary>Places a piece of code behind the last one and publishes it.</summary>
    /// <param name="code">Code that runs at any address.</param>
    /// <param name="alignment">A power of two, in bytes, up to the page size.</param>
    /// <param name="address">Where it runs; 0 when there is no room.</param>
    /// <returns>
    /// Whether it is there. It is not when there is no room left, or when the system cannot publish code; then nothing
    /// has been placed.
    /// </returns>
    /// <exception cref="ArgumentException">The alignment is no power of two, or beyond the page size.</exception>
    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    public bool TryEmit(ReadOnlySpan<byte> code, nuint alignment, out nuint address)
    {
        if (!nuint.IsPow2(alignment) || alignment > _platform.PageSize)
        {
            throw new ArgumentException("Code is aligned to a power of two up to the page size.", nameof(alignment));
        }

        address = 0;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            nuint offset = (_used + (alignment - 1)) & ~(alignment - 1);
            if (offset > Capacity || (nuint)code.Length > Capacity - offset)
            {
                return false;
            }

            code.CopyTo(new Span<byte>((void*)(_writable.Address + offset), code.Length));
            if (_platform.PublishCode(_executable.Address + offset, (nuint)code.Length).IsRefused)
            {
                return false;
            }

            address = _executable.Address + offset;
            Volatile.Write(ref _used, offset + (nuint)code.Length);
            return true;
        }
    }

    /// <summary>How much there is.</summary>
    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    public DualMappingStatistics GetStatistics()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new(2 * Capacity, Capacity, AllocatedByteCount);
    }

    /// <summary>Gives memory and addresses back. A second call does nothing.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        LiveInstances.Remove(_ticket);
        _writable.Dispose();
        _executable.Dispose();
    }

    private static Views Make(DualMappingOptions options)
    {
        Make(options, out Views views).ThrowIfFailed();
        return views;
    }

    private static VmResult Make(DualMappingOptions options, out Views views)
    {
        views = default;
        ArgumentNullException.ThrowIfNull(options);
        VmPlatform platform = ObjectArguments.PlatformOf(options.Platform, options.Map);
        nuint byteCount = ObjectArguments.RoundUp(platform, options.ByteCount, most: nuint.MaxValue / 2);
        SystemReply reply = platform.CreateSharedMemory(byteCount, options.Name, out MemoryObjectHandle? handle);
        if (reply.IsRefused)
        {
            return VmResult.Refused(reply);
        }

        using MemoryObjectHandle source = handle!;
        VmResult result = ViewRow.Make(
            platform,
            options.Map,
            byteCount,
            Placement.Anywhere,
            row => row.Append(byteCount, source, 0, PageProtection.ReadWrite, MappingSharing.Shared),
            out ViewRow? writable);
        if (!result.IsSuccess)
        {
            return result;
        }

        result = ViewRow.Make(
            platform,
            options.Map,
            byteCount,
            options.ExecutablePlacement,
            row => row.Append(byteCount, source, 0, PageProtection.ReadExecute, MappingSharing.Shared),
            out ViewRow? executable);
        if (!result.IsSuccess)
        {
            writable!.Dispose();
            return result;
        }

        views = new(writable, executable);
        return result;
    }

    private void RequireInside(nuint offset, nuint byteCount)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteCount, Capacity - offset);
    }

    private readonly record struct Views(ViewRow? Writable, ViewRow? Executable);
}
