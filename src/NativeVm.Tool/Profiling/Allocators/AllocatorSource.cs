using NativeVm.Tool.Profiling.Memory;

namespace NativeVm.Tool.Profiling.Allocators;

/// <summary>Makes lanes over an allocator.</summary>
/// <param name="name">The name by which the command line chooses it.</param>
/// <param name="uses">What it is for.</param>
internal abstract class AllocatorSource(string name, AllocatorUses uses)
{
    private const int Rehearsals = 3;
    private const long RehearsedOperations = 20_000;

    // Longer than the runtime waits before it compiles anew what is called often.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(120);

    private static readonly ReplaceMaker Rehearsal =
        new(new ReplaceParameters(Live: 64, Smallest: 1, Largest: 64 << 10, ReplaceTouch.FirstByte));

    /// <summary>The name by which the command line chooses it.</summary>
    public string Name { get; } = name;

    /// <summary>What it is for.</summary>
    public AllocatorUses Uses { get; } = uses;

    /// <summary>
    /// Whether the allocator is compiled while the program runs, which takes megabytes that are not its; and gives
    /// everything back when it is disposed of, so that it can be used before its memory is looked at.
    /// </summary>
    public bool NeedsRehearsal { get; init; }

    /// <summary>Uses an allocator for a moment if that is needed to have its code compiled.</summary>
    public void Rehearse()
    {
        for (int i = 0; NeedsRehearsal && i < Rehearsals; i++)
        {
            using Lane lane = MakeLane(Rehearsal);
            _ = lane.Run(RehearsedOperations);
            Thread.Sleep(Pause);
        }
    }

    /// <summary>Makes an allocator and a lane over it.</summary>
    /// <param name="maker">Makes the lane.</param>
    public abstract Lane MakeLane(IMemoryLaneMaker maker);

    /// <summary>Makes a heap and a lane over it.</summary>
    /// <param name="maker">Makes the lane.</param>
    /// <exception cref="NotSupportedException">It is no heap.</exception>
    public virtual Lane MakeLane(IHeapLaneMaker maker) => throw new NotSupportedException($"{Name} is no heap.");
}
