using System.Runtime.InteropServices;

namespace NativeVm.Bench.Heaps;

/// <summary>An allocator of blocks, called as a .NET program would call it.</summary>
internal abstract unsafe class BlockSource : IDisposable
{
    public abstract void* Allocate(nuint byteCount);

    public abstract void Free(void* block);

    public virtual void Dispose()
    {
    }

    public static BlockSource Create(HeapContender contender) => contender switch
    {
        HeapContender.VmHeap => new HeapSource(),
        HeapContender.NativeMemory => new NativeMemorySource(),
        HeapContender.Mimalloc => new LibrarySource("libmimalloc.so.2"),
        HeapContender.Jemalloc => new LibrarySource("libjemalloc.so.2"),
        _ => new LibrarySource("libtcmalloc_minimal.so.4"),
    };

    private sealed class HeapSource : BlockSource
    {
        private readonly VmHeap _heap = new(new VmHeapOptions());

        public override void* Allocate(nuint byteCount) => _heap.Allocate(byteCount);

        public override void Free(void* block) => _heap.Free(block);

        public override void Dispose()
        {
            base.Dispose();
            _heap.Dispose();
        }
    }

    private sealed class NativeMemorySource : BlockSource
    {
        public override void* Allocate(nuint byteCount) => NativeMemory.Alloc(byteCount);

        public override void Free(void* block) => NativeMemory.Free(block);
    }

    /// <summary>A library that exports <c>malloc</c> and <c>free</c>; where it is missing, its benchmark fails.</summary>
    private sealed class LibrarySource : BlockSource
    {
        private readonly delegate* unmanaged<nuint, void*> _malloc;
        private readonly delegate* unmanaged<void*, void> _free;

        public LibrarySource(string name)
        {
            nint library = NativeLibrary.Load(name);
            _malloc = (delegate* unmanaged<nuint, void*>)NativeLibrary.GetExport(library, "malloc");
            _free = (delegate* unmanaged<void*, void>)NativeLibrary.GetExport(library, "free");
        }

        public override void* Allocate(nuint byteCount) => _malloc(byteCount);

        public override void Free(void* block) => _free(block);
    }
}
