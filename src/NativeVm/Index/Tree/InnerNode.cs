using System.Runtime.InteropServices;

namespace NativeVm.Index.Tree;

/// <summary>
/// An inner node: for each child the start of its first entry, its number and its figures, class by class, so
/// that "the first child with a gap of at least" is one row of vector compares.
/// </summary>
/// <remarks>Unused keys are <see cref="NoKey"/> and unused figures 0, which no search accepts.</remarks>
[StructLayout(LayoutKind.Sequential, Size = ByteCount)]
internal unsafe struct InnerNode
{
    public const int Capacity = 64;
    public const int LeastFill = Capacity / 2;
    public const int ByteCount = HeaderByteCount + (Capacity * (sizeof(ulong) + sizeof(uint) + (FigureClasses.Count * sizeof(int))));
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
    public fixed int Rows[FigureClasses.Count * Capacity];

    /// <summary>The figures of all children in one class.</summary>
    public static int* Row(InnerNode* node, int figureClass) => node->Rows + (figureClass * Capacity);
}
