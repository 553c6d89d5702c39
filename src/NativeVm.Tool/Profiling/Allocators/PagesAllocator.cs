using System.Runtime.CompilerServices;
using NativeVm.Platform;
using NativeVm.Tool.Commands;

namespace NativeVm.Tool.Profiling.Allocators;

/// <summary>A <see cref="PageAllocator"/>; like the others that keep what is freed, it need not clear it.</summary>
internal readonly struct PagesAllocator : IMemoryAllocator<nuint>
{
    private readonly PageAllocator _pages;

    private PagesAllocator(PageAllocator pages) => _pages = pages;

    /// <inheritdoc/>
    public long? SystemCallCount => VmPlatform.Current.SystemCallCount;

    /// <summary>An allocator with the options that it has when none are given.</summary>
    public static PagesAllocator Create() => new(new PageAllocator(new PageAllocatorOptions()));

    /// <inheritdoc/>
    public nuint Allocate(nuint byteCount) =>
        _pages.TryAllocate(byteCount, 1, PageAllocationFlags.Uninitialized, out nuint address)
            ? address
            : throw ToolException.Failure($"the page allocator has no {byteCount:N0} bytes.");

    /// <inheritdoc/>
    public void Free(nuint block, nuint byteCount) => _pages.Free(block, byteCount);

    /// <inheritdoc/>
    public unsafe ref byte FirstByte(nuint block) => ref Unsafe.AsRef<byte>((void*)block);

    /// <inheritdoc/>
    public void Dispose() => _pages.Dispose();
}
