namespace NativeVm.Tool.Profiling.Allocators;

/// <summary>Makes lanes over an allocator.</summary>
/// <param name="name">The name by which the command line chooses it.</param>
/// <param name="uses">What it is for.</param>
internal abstract class AllocatorSource(string name, AllocatorUses uses)
{
    /// <summary>The name by which the command line chooses it.</summary>
    public string Name { get; } = name;

    /// <summary>What it is for.</summary>
    public AllocatorUses Uses { get; } = uses;

    /// <summary>Makes an allocator and a lane over it.</summary>
    /// <param name="maker">Makes the lane.</param>
    public abstract Lane MakeLane(IMemoryLaneMaker maker);

    /// <summary>Makes a heap and a lane over it.</summary>
    /// <param name="maker">Makes the lane.</param>
    /// <exception cref="NotSupportedException">It is no heap.</exception>
    public virtual Lane MakeLane(IHeapLaneMaker maker) => throw new NotSupportedException($"{Name} is no heap.");
}
