using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Allocators;

/// <summary>A heap that keeps nothing which is free, with blocks of several sizes in use and no page to spare.</summary>
public sealed unsafe class HeapState : IDisposable
{
    private readonly List<(nint Address, nuint ByteCount, byte Value)> _blocks = [];
    private readonly bool _isReal;
    private readonly bool _isPlain;
    private int _fillerCount;

    public HeapState(FaultPlatforms platforms, VmHeapHardening hardening)
    {
        _isReal = platforms.Simulated is null;
        _isPlain = hardening == VmHeapHardening.None;
        Heap = new VmHeap(new VmHeapOptions
        {
            Platform = platforms.Pages,
            MetadataPlatform = platforms.Metadata,
            RetainHighMark = 0,
            QuarantineByteCount = 64 << 10,
            Hardening = hardening,
        });
        Context = new VmHeapContext(Heap);
        nuint[] byteCounts = [100, 100, 5000, 40_000, 1 << 20, 1 << 20];
        foreach (nuint byteCount in byteCounts)
        {
            Keep(Heap.Allocate(byteCount), byteCount);
        }

        UseUpPages(platforms);
    }

    public VmHeap Heap { get; }

    public VmHeapContext Context { get; }

    public void* Opaque => Context.Opaque;

    public void* Large => (void*)_blocks[4].Address;

    /// <summary>Notes a block that was handed out, if one was.</summary>
    public bool Keep(void* block, nuint byteCount, bool isZeroed = false)
    {
        if (block == null)
        {
            return false;
        }

        byte value = (byte)(_blocks.Count + 1);
        if (_isReal)
        {
            Span<byte> bytes = new(block, (int)byteCount);
            Assert.True(!isZeroed || bytes.IndexOfAnyExcept((byte)0) < 0, "A zeroed block is zero.");
            bytes.Fill(value);
        }

        _blocks.Add(((nint)block, byteCount, value));
        return true;
    }

    /// <summary>Notes that the large block became another one, with the same contents.</summary>
    public bool Replace(void* block, nuint byteCount)
    {
        if (block == null)
        {
            return false;
        }

        (_, nuint before, byte value) = _blocks[4];
        if (_isReal)
        {
            Assert.Equal(-1, new Span<byte>(block, (int)nuint.Min(before, byteCount)).IndexOfAnyExcept(value));
            new Span<byte>(block, (int)byteCount).Fill(value);
        }

        _blocks[4] = ((nint)block, byteCount, value);
        return true;
    }

    public bool FreeAll(Action<nint> free)
    {
        foreach ((nint address, _, _) in _blocks)
        {
            free(address);
        }

        _blocks.Clear();
        return true;
    }

    public void FreeAll() => FreeAll(address => Heap.Free((void*)address));

    public void Verify()
    {
        Heap.Validate();
        Heap.Map.Validate();
        VmHeapStatistics statistics = Heap.GetStatistics();
        Assert.Equal((nuint)(_blocks.Count + _fillerCount), statistics.BlockCount);
        if (_isPlain)
        {
            Assert.Equal(Heap.Map.GetStatistics().CommittedByteCount, statistics.CommittedByteCount);
        }

        if (_isReal)
        {
            foreach ((nint address, nuint byteCount, byte value) in _blocks)
            {
                Assert.Equal(-1, new Span<byte>((void*)address, (int)byteCount).IndexOfAnyExcept(value));
            }
        }
    }

    public void Dispose()
    {
        Context.Dispose();
        Heap.Dispose();
    }

    // What the system has given is handed out, so that the next slab or run needs more of it.
    private void UseUpPages(FaultPlatforms platforms)
    {
        platforms.Pages.Arm(FaultPlan.When(static _ => true));
        for (nuint byteCount = 16 << 20; byteCount >= 512; byteCount /= 2)
        {
            while (Heap.TryAllocate(byteCount, out _))
            {
                _fillerCount++;
            }
        }

        platforms.Pages.Disarm();
    }
}
