namespace NativeVm.Tool.Ranges;

/// <summary>A half-open range of numbers and what holds for all of it.</summary>
/// <typeparam name="TState">What holds.</typeparam>
/// <param name="Start">The first number.</param>
/// <param name="End">The first number after the range.</param>
/// <param name="State">What holds.</param>
internal readonly record struct StatefulRange<TState>(ulong Start, ulong End, TState State)
{
    /// <summary>How many numbers there are in the range.</summary>
    public ulong Length => End - Start;
}
