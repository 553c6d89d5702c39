using NativeVm.Platform;
using NativeVm.Testing;

namespace NativeVm.Tests.Harness;

/// <summary>The public operations that never ask the system for anything, and why.</summary>
[CannotReachSystem(typeof(Placement), Value)]
[CannotReachSystem(typeof(SystemReply), Value)]
[CannotReachSystem(typeof(VmResult), Value)]
[CannotReachSystem(typeof(VmEntry), Value)]
[CannotReachSystem(typeof(VmPlatform), "It answers from what was found out at the start.",
    "Supports(PageAdvice)", "Supports(PageInheritance, MappingSharing)", "Supports(PlatformCapabilities)")]
[CannotReachSystem(typeof(VmEntryEnumerable), Looks)]
[CannotReachSystem(typeof(VmEntryEnumerable.Enumerator), Looks)]
[CannotReachSystem(typeof(VmMapLockScope), Locks)]
[CannotReachSystem(typeof(VmMap), Locks, nameof(VmMap.EnterReadLock), nameof(VmMap.EnterWriteLock))]
[CannotReachSystem(typeof(VmMap), Looks,
    nameof(VmMap.TryLookup), nameof(VmMap.GetEntries), nameof(VmMap.CheckProtection), nameof(VmMap.GetStatistics), nameof(VmMap.Validate))]
[CannotReachSystem(typeof(VmDiagnostics), Looks)]
[CannotReachSystem(typeof(LinearArena), Looks, nameof(LinearArena.CheckRedZones), nameof(LinearArena.GetStatistics))]
[CannotReachSystem(typeof(LinearArena), "It moves a mark.", nameof(LinearArena.EnterScope))]
[CannotReachSystem(typeof(ArenaScope), "It moves a mark and keeps the pages.", nameof(ArenaScope.Keep))]
[CannotReachSystem(typeof(DoubleEndedArena), "It moves a mark.", nameof(DoubleEndedArena.EnterScope), nameof(DoubleEndedArena.Reset))]
[CannotReachSystem(typeof(DoubleEndedArena), Looks, nameof(DoubleEndedArena.GetStatistics))]
[CannotReachSystem(typeof(DoubleEndedArenaScope), "It moves a mark and keeps the pages.")]
[CannotReachSystem(typeof(FrameArena), Looks, nameof(FrameArena.GetStatistics))]
[CannotReachSystem(typeof(BlockPool), Looks,
    nameof(BlockPool.GetAddress), nameof(BlockPool.GetEnumerator), nameof(BlockPool.GetStatistics), nameof(BlockPool.IsLive),
    nameof(BlockPool.TryGetAddress), nameof(BlockPool.TryGetHandle))]
[CannotReachSystem(typeof(BlockPool), Keeps, "Free(BlockHandle)", "Free(nuint)", nameof(BlockPool.FreeAll), nameof(BlockPool.TryFree))]
[CannotReachSystem(typeof(BlockPool.Enumerator), Looks)]
[CannotReachSystem(typeof(BlockPool<>), Looks,
    nameof(BlockPool<long>.GetEnumerator), nameof(BlockPool<long>.GetOrNullRef), nameof(BlockPool<long>.GetStatistics), nameof(BlockPool<long>.IsLive))]
[CannotReachSystem(typeof(BlockPool<>), Keeps, nameof(BlockPool<long>.Free), nameof(BlockPool<long>.TryFree))]
[CannotReachSystem(typeof(VirtualArray<>), Looks,
    "AsSpan(nuint)", "AsSpan(nuint, int)", nameof(VirtualArray<long>.GetEnumerator), nameof(VirtualArray<long>.GetStatistics))]
[CannotReachSystem(typeof(VirtualArray<>.Enumerator), Looks)]
[CannotReachSystem(typeof(FramePool), Looks,
    nameof(FramePool.GetAddress), nameof(FramePool.GetPinCount), nameof(FramePool.GetSpan), nameof(FramePool.GetStatistics), nameof(FramePool.TryGetFrame))]
[CannotReachSystem(typeof(FramePool), Keeps, nameof(FramePool.Free), nameof(FramePool.TryFree))]
[CannotReachSystem(typeof(FramePool), "It counts.", nameof(FramePool.Pin), nameof(FramePool.TryPin), nameof(FramePool.Unpin))]
[CannotReachSystem(typeof(PageAllocator), Looks, nameof(PageAllocator.GetStatistics), nameof(PageAllocator.Validate))]
[CannotReachSystem(typeof(VmHeap), Looks,
    nameof(VmHeap.GetLiveBlocks), nameof(VmHeap.GetStatistics), nameof(VmHeap.GetUsableByteCount), nameof(VmHeap.Owns), nameof(VmHeap.Validate))]
[CannotReachSystem(typeof(VmHeapContext), "It enters the heap in a table of its own.", "new", nameof(VmHeapContext.Dispose))]
[CannotReachSystem(typeof(VmHeapFunctions), "It remembers which heap is meant.", nameof(VmHeapFunctions.Bind), nameof(VmHeapFunctions.Unbind))]
[CannotReachSystem(typeof(VmHeapFunctions), Looks, nameof(VmHeapFunctions.MallocUsableSize))]
[CannotReachSystem(typeof(SqliteHeap), "It remembers which heap is meant.", nameof(SqliteHeap.Bind), nameof(SqliteHeap.Unbind))]
[CannotReachSystem(typeof(MirroredBuffer), "It moves positions over pages that are there.",
    nameof(MirroredBuffer.AdvanceReader), nameof(MirroredBuffer.AdvanceWriter), nameof(MirroredBuffer.CompleteWriter), nameof(MirroredBuffer.GetStatistics),
    nameof(MirroredBuffer.GetWindow), nameof(MirroredBuffer.TryGetReadSpan), nameof(MirroredBuffer.TryGetWriteSpan))]
[CannotReachSystem(typeof(DualMapping), Looks,
    nameof(DualMapping.GetExecutableAddress), nameof(DualMapping.GetStatistics), nameof(DualMapping.GetWritableSpan))]
[CannotReachSystem(typeof(VmSnapshot), Looks, nameof(VmSnapshot.GetSpan))]
[CannotReachSystem(typeof(VmSnapshotRange), Looks, nameof(VmSnapshotRange.GetSpan), nameof(VmSnapshotRange.GetStatistics))]
[CannotReachSystem(typeof(PersistentArena), Looks, nameof(PersistentArena.Contains), nameof(PersistentArena.GetStatistics))]
[CannotReachSystem(typeof(VmBufferWriter), "It moves a position over pages that are there.",
    nameof(VmBufferWriter.Advance), nameof(VmBufferWriter.Clear), nameof(VmBufferWriter.GetStatistics), nameof(VmBufferWriter.GetWrittenSequence))]
[CannotReachSystem(typeof(VmStream), "It reads, or moves a position over, pages that are there.",
    nameof(VmStream.CopyTo), nameof(VmStream.Flush), nameof(VmStream.FlushAsync), "Read(Span<byte>)", "Read(byte[], int, int)",
    "ReadAsync(Memory<byte>, CancellationToken)", "ReadAsync(byte[], int, int, CancellationToken)", nameof(VmStream.ReadByte), nameof(VmStream.Seek))]
[CannotReachSystem(typeof(VmMemory), "It looks at pages that are there.",
    nameof(VmMemory.GetSequence), nameof(VmMemory.OpenStream), nameof(VmMemory.View))]
[CannotReachSystem(typeof(VmMemoryManager<>), "It looks at pages that are there, or counts.",
    nameof(VmMemoryManager<byte>.GetSpan), nameof(VmMemoryManager<byte>.OpenStream), nameof(VmMemoryManager<byte>.Pin), nameof(VmMemoryManager<byte>.Unpin))]
[CannotReachSystem(typeof(VmMemoryPool<>), Looks, nameof(VmMemoryPool<byte>.GetStatistics))]
internal static class Exemptions
{
    private const string Value = "A value.";
    private const string Looks = "It looks at records.";
    private const string Locks = "It takes a lock.";
    private const string Keeps = "It keeps the pages.";
}
