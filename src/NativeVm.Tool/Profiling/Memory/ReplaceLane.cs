using System.Runtime.CompilerServices;
using NativeVm.Tool.Profiling.Allocators;

namespace NativeVm.Tool.Profiling.Memory;

/// <summary>Frees a random block among many that are live, and allocates one of another length in its place.</summary>
internal sealed class ReplaceLane<TAllocator, TBlock> : MemoryLane<TAllocator, TBlock>
    where TAllocator : struct, IMemoryAllocator<TBlock>
{
    private const ulong Seed = 0x9E3779B97F4A7C15;
    private readonly (TBlock Block, nuint ByteCount)[] _live;
    private readonly ReplaceParameters _parameters;
    private Xorshift _random = new(Seed);

    /// <summary>A lane whose blocks are all live.</summary>
    /// <param name="allocator">The allocator.</param>
    /// <param name="parameters">How many blocks, and of which lengths.</param>
    public ReplaceLane(TAllocator allocator, in ReplaceParameters parameters)
        : base(allocator)
    {
        _parameters = parameters;
        _live = new (TBlock Block, nuint ByteCount)[parameters.Live];
        foreach (ref (TBlock, nuint) slot in _live.AsSpan())
        {
            slot = Allocate(allocator, ref _random);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach ((TBlock block, nuint byteCount) in _live)
        {
            Allocator.Free(block, byteCount);
        }

        base.Dispose();
    }

    /// <inheritdoc/>
    protected override void RunAll(long operationCount)
    {
        TAllocator allocator = Allocator;
        (TBlock Block, nuint ByteCount)[] live = _live;
        Xorshift random = _random;
        for (long i = 0; i < operationCount; i++)
        {
            ref (TBlock Block, nuint ByteCount) slot = ref live[random.Next((ulong)live.Length)];
            allocator.Free(slot.Block, slot.ByteCount);
            slot = Allocate(allocator, ref random);
        }

        _random = random;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (TBlock Block, nuint ByteCount) Allocate(TAllocator allocator, ref Xorshift random)
    {
        nuint byteCount = _parameters.Smallest + (nuint)random.Next(_parameters.Largest - _parameters.Smallest + 1);
        TBlock block = allocator.Allocate(byteCount);
        switch (_parameters.Touch)
        {
            case ReplaceTouch.FirstByte:
                allocator.FirstByte(block) = 1;
                break;
            case ReplaceTouch.EveryPage:
                PageTouch.All(ref allocator.FirstByte(block), byteCount);
                break;
            default:
                break;
        }

        return (block, byteCount);
    }
}
