using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NativeVm.Index.Tree;

namespace NativeVm.Index.Kernels;

/// <summary>
/// The figures of gaps, all twenty classes at once: a lane holds one class, whose room in the gap [low, high) is
/// <c>high - low - (-low modulo the alignment)</c>, or 0 when that is negative.
/// </summary>
/// <remarks>As in <see cref="NodeKernels"/>, four widths of vectors give equal results.</remarks>
internal static unsafe class FigureKernels
{
    /// <summary>Writes the largest room of each class over 32 gaps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OfGaps(int* ends, int* nexts, int* figures)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            FigureKernels512.OfGaps(ends, nexts, figures);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            FigureKernels256.OfGaps(ends, nexts, figures);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            FigureKernels128.OfGaps(ends, nexts, figures);
        }
        else
        {
            FigureKernelsScalar.OfGaps(ends, nexts, figures);
        }
    }

    /// <summary>Raises figures to the room of a gap; the classes that rose, a bit each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Raise(int* figures, int low, int high) =>
        Vector512.IsHardwareAccelerated ? FigureKernels512.Raise(figures, low, high)
        : Vector256.IsHardwareAccelerated ? FigureKernels256.Raise(figures, low, high)
        : Vector128.IsHardwareAccelerated ? FigureKernels128.Raise(figures, low, high)
        : FigureKernelsScalar.Raise(figures, low, high);

    /// <summary>
    /// The classes, a bit each, whose figure is the room of the gap [low, high) and would be less if [start, end)
    /// were taken out of it; those figures may fall.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bound(int* figures, int low, int start, int end, int high) =>
        Vector512.IsHardwareAccelerated ? FigureKernels512.Bound(figures, low, start, end, high)
        : Vector256.IsHardwareAccelerated ? FigureKernels256.Bound(figures, low, start, end, high)
        : Vector128.IsHardwareAccelerated ? FigureKernels128.Bound(figures, low, start, end, high)
        : FigureKernelsScalar.Bound(figures, low, start, end, high);

    /// <summary>Overwrites figures; the classes that changed, a bit each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Take(int* figures, int* fresh) =>
        Vector512.IsHardwareAccelerated ? FigureKernels512.Take(figures, fresh)
        : Vector256.IsHardwareAccelerated ? FigureKernels256.Take(figures, fresh)
        : Vector128.IsHardwareAccelerated ? FigureKernels128.Take(figures, fresh)
        : FigureKernelsScalar.Take(figures, fresh);

    /// <summary>Raises figures to others; the classes that rose, a bit each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Join(int* figures, int* others) =>
        Vector512.IsHardwareAccelerated ? FigureKernels512.Join(figures, others)
        : Vector256.IsHardwareAccelerated ? FigureKernels256.Join(figures, others)
        : Vector128.IsHardwareAccelerated ? FigureKernels128.Join(figures, others)
        : FigureKernelsScalar.Join(figures, others);

    /// <summary>The classes, a bit each, in which figures and others are equal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Same(int* figures, int* others) =>
        Vector512.IsHardwareAccelerated ? FigureKernels512.Same(figures, others)
        : Vector256.IsHardwareAccelerated ? FigureKernels256.Same(figures, others)
        : Vector128.IsHardwareAccelerated ? FigureKernels128.Same(figures, others)
        : FigureKernelsScalar.Same(figures, others);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(int* to, int* from) =>
        new Span<int>(from, FigureClasses.Count).CopyTo(new Span<int>(to, FigureClasses.Count));
}
