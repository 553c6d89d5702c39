using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NativeVm.Index.Tree;

/// <summary>
/// An inner node: for each child the start of its first entry, its number and its figures, laid out so that "the
/// first child with a gap of at least" is a row of vector compares, and so that a child's new figures are few lines.
/// </summary>
/// <remarks>
/// <para>
/// The figures of the plain gap, which most searches ask for, are a row of their own, child after child. The others
/// are in groups of four classes: a child's four figures lie side by side, so that the eight classes which nearly
/// every change of a leaf changes are three cache lines and not nine. A search in one of them reads four times as
/// much as in a row, one line behind the other; a change goes to a random node, and in a large map each of its lines
/// is a miss.
/// </para>
/// <para>
/// Class <c>k</c> from 1 to <see cref="FigureClasses.LargestShift"/> is lane <c>k % 4</c> of group <c>k / 4</c>.
/// Lane 0 of group 0, which the plain gap leaves free, is <see cref="FigureClasses.WithReserves"/>; the last lane of
/// the last group is 0. Unused keys are <see cref="NoKey"/> and unused figures 0, which no search accepts.
/// </para>
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = ByteCount)]
internal unsafe struct InnerNode
{
    public const int Capacity = 64;
    public const int LeastFill = Capacity / 2;
    public const int GroupCount = (FigureClasses.LargestShift / GroupLanes) + 1;
    public const int GroupLanes = 4;
    public const uint AllLanes = (1u << GroupLanes) - 1;

    /// <summary>From one group to the next.</summary>
    public const int GroupInts = GroupLanes * Capacity;

    public const int ByteCount = HeaderByteCount
        + (Capacity * (sizeof(ulong) + sizeof(uint) + sizeof(int) + (GroupCount * GroupLanes * sizeof(int))));
    public const ulong NoKey = long.MaxValue;

    private const int HeaderByteCount = 128;

    /// <summary>The largest figure of each class over all children.</summary>
    public fixed int Figures[FigureClasses.Count];

    public int Count;

    /// <summary>The next free node, in a node that is free.</summary>
    public uint NextFree;

    /// <summary>This node's number.</summary>
    public uint Number;

    private fixed int _unused[9];

    public fixed ulong Keys[Capacity];
    public fixed uint Children[Capacity];

    /// <summary>The figures of all children in class 0.</summary>
    public fixed int Plain[Capacity];

    /// <summary>The figures in the other classes; see <see cref="FigureOf"/>.</summary>
    public fixed int Groups[GroupCount * GroupInts];

    /// <summary>Where in a group the figures of a child begin; see <see cref="Kernels.GroupKernels"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PlaceOf(int slot) => ((slot & 3) * (GroupInts / 4)) + ((slot >> 2) * GroupLanes);

    /// <summary>The group of a class that is not 0.</summary>
    public static int* GroupOf(InnerNode* node, int figureClass) =>
        node->Groups + (GroupNumberOf(figureClass) * GroupInts);

    public static int GroupNumberOf(int figureClass) =>
        figureClass == FigureClasses.WithReserves ? 0 : figureClass / GroupLanes;

    /// <summary>The lane that a class that is not 0 has in its group.</summary>
    public static int LaneOf(int figureClass) =>
        figureClass == FigureClasses.WithReserves ? 0 : figureClass % GroupLanes;

    /// <summary>Where the figure of a child in a class is.</summary>
    public static int* FigureOf(InnerNode* node, int figureClass, int slot) => figureClass == 0
        ? node->Plain + slot
        : GroupOf(node, figureClass) + PlaceOf(slot) + LaneOf(figureClass);

    /// <summary>The classes of some lanes of a group, a bit each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ClassesOf(int group, uint lanes) => group == 0
        ? (lanes & (AllLanes - 1)) | ((lanes & 1) << FigureClasses.WithReserves)
        : (lanes << (group * GroupLanes)) & ~(1u << FigureClasses.WithReserves);

    /// <summary>Of figures by their class, those of a group in the order of its lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> TakeGroup(int* figures, int group)
    {
        Vector128<int> four = Vector128.Load(figures + (group * GroupLanes));
        return group == 0 ? four.WithElement(0, figures[FigureClasses.WithReserves])
            : group == GroupCount - 1 ? four.WithElement(GroupLanes - 1, 0)
            : four;
    }

    /// <summary>Writes those of figures by their class that are a group's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PutGroup(int* figures, int group, Vector128<int> four)
    {
        int plain = figures[0];
        int withReserves = figures[FigureClasses.WithReserves];
        Vector128.Store(four, figures + (group * GroupLanes));
        figures[0] = plain;
        figures[FigureClasses.WithReserves] = group == 0 ? four.ToScalar() : withReserves;
    }
}
