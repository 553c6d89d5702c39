using System.Runtime.CompilerServices;
using NativeVm.Index.Kernels;
using NativeVm.Metadata;

namespace NativeVm.Index.Tree;

/// <content>Figures for alignments that are no power of two, or too large a one, made when they pay.</content>
/// <remarks>
/// <para>
/// Such a search is bounded by the figures of the largest power of two in its alignment, which an unlucky map
/// defeats. When one has looked into <see cref="Patience"/> leaves in vain, the alignment becomes a custom
/// class: one sweep over the leaves gives every child of every inner node a figure, kept eagerly from then on, and
/// later searches take the direct way. At most <see cref="MostCustomClasses"/> are kept. Beyond that, the class
/// searched least recently gives way, but only when searches without figures have together looked into as many
/// leaves as there are, so that sweeps never cost more than what they replace.
/// </para>
/// <para>
/// The rows lie in an arena of their own, by the number of their inner node. Growth reserves are never free here:
/// searches that include them go without.
/// </para>
/// </remarks>
internal sealed unsafe partial class BPlusTreeIndex
{
    internal const int MostCustomClasses = 4;
    private const int CustomRowInts = MostCustomClasses * InnerNode.Capacity;

    private CustomAlignments _custom;
    private MetadataArena? _customArena;
    private int* _customRows;
    private int _customCount;
    private ulong _searchTime;
    private ulong _leavesInVain;

    /// <summary>How many leaves a search looks into before its alignment gets figures.</summary>
    internal ulong Patience { get; set; } = 32;

    /// <summary>How many sweeps have been made; for tests.</summary>
    internal int SweepCount { get; private set; }

    /// <summary>Which children of a node have a figure of at least a value in a class, a bit each.</summary>
    private ulong AtLeast(InnerNode* node, int figureClass, int least) => figureClass is > 0 and < FigureClasses.Count
        ? GroupKernels.AtLeast(InnerNode.GroupOf(node, figureClass), InnerNode.LaneOf(figureClass), least)
        : NodeKernels.AtLeast(figureClass == 0 ? node->Plain : CustomRow(node, figureClass - FigureClasses.Count), least);

    private int* CustomRow(InnerNode* node, int custom) =>
        _customRows + ((long)(node->Number / InnerLines) * CustomRowInts) + (custom * InnerNode.Capacity);

    /// <summary>The class of an alignment: a custom one when it has one, else the one that bounds it.</summary>
    private int ClassOf(ulong alignment)
    {
        if (!FigureClasses.IsExact(alignment))
        {
            for (int i = 0; i < _customCount; i++)
            {
                if (_custom[i].Alignment == alignment)
                {
                    _custom[i].LastUse = ++_searchTime;
                    return FigureClasses.Count + i;
                }
            }
        }

        return FigureClasses.Bounding(alignment);
    }

    /// <summary>Gives an alignment a class after a search that was long; says whether it has one now.</summary>
    private bool TryAddCustomClass(ulong alignment)
    {
        if (_height == 0 || !TryGrowCustomRows())
        {
            return false;
        }

        int custom = _customCount;
        if (custom == MostCustomClasses)
        {
            if (_leavesInVain < (ulong)LeafCount)
            {
                return false;
            }

            custom = 0;
            for (int i = 1; i < MostCustomClasses; i++)
            {
                custom = _custom[i].LastUse < _custom[custom].LastUse ? i : custom;
            }
        }
        else
        {
            _customCount++;
        }

        _leavesInVain = 0;
        _custom[custom] = new CustomAlignment(alignment) { LastUse = ++_searchTime };
        Sweep((InnerNode*)_root, _height, custom);
        SweepCount++;
        return true;
    }

    // A sweep may well be the first: it is compiled with full optimisation at once, or would take ten times as long.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Sweep(InnerNode* node, int level, int custom)
    {
        int* row = CustomRow(node, custom);
        new Span<int>(row, InnerNode.Capacity).Clear();
        for (int i = 0; i < node->Count; i++)
        {
            if (level == 1)
            {
                // A few leaves ahead, where the memory is slow.
                LeafNode* coming = LeafAt(node->Children[Math.Min(i + 3, node->Count - 1)]);
                Prefetch.SixLines((byte*)coming);
                row[i] = CustomFigure(LeafAt(node->Children[i]), custom);
            }
            else
            {
                row[i] = Sweep(InnerAt(node->Children[i]), level - 1, custom);
            }
        }

        return NodeKernels.Largest(row);
    }

    /// <summary>The largest room of a leaf's gaps in a custom class.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int CustomFigure(LeafNode* leaf, int custom)
    {
        ref CustomAlignment alignment = ref _custom[custom];
        if (leaf->Traits != 0 || !alignment.IsShort)
        {
            return CustomFigureSlowly(leaf, alignment.Alignment);
        }

        // Remainders of sums that fit 32 bits, by multiplication with the reciprocal.
        uint origin = (uint)(leaf->Base % alignment.Alignment);
        int largest = 0;
        int count = leaf->Count;
        for (int i = 0; i < count; i++)
        {
            int length = leaf->Nexts[i] - leaf->Ends[i];
            if (length > largest)
            {
                int room = length - (int)alignment.PaddingAt(origin + (uint)leaf->Ends[i]);
                largest = Math.Max(largest, room);
            }
        }

        return largest;
    }

    private int CustomFigureSlowly(LeafNode* leaf, ulong alignment)
    {
        ulong largest = 0;
        for (int i = 0; i < leaf->Count; i++)
        {
            GapOf(leaf, i, includeReserves: false, out ulong low, out ulong high);
            if (high - low > largest)
            {
                ulong past = low % alignment;
                ulong padding = past == 0 ? 0 : alignment - past;
                largest = padding < high - low ? Math.Max(largest, high - low - padding) : largest;
            }
        }

        return (int)Math.Min(largest, LeafNode.Saturated);
    }

    /// <summary>Carries a change of a path's leaf upwards in the custom classes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PropagateCustom(PathStep* path)
    {
        for (int custom = 0; custom < _customCount && _height > 0; custom++)
        {
            int figure = CustomFigure(path->Leaf, custom);
            for (int level = 1; level <= _height; level++)
            {
                int* row = CustomRow(path[level].Inner, custom);
                if (row[path[level].Slot] == figure)
                {
                    break;
                }

                row[path[level].Slot] = figure;
                figure = NodeKernels.Largest(row);
            }
        }
    }

    /// <summary>Writes the custom figures of a child anew after it was split, merged or refilled.</summary>
    private void StoreCustom(InnerNode* parent, int level, int slot)
    {
        for (int custom = 0; custom < _customCount; custom++)
        {
            uint child = parent->Children[slot];
            CustomRow(parent, custom)[slot] = level == 1
                ? CustomFigure(LeafAt(child), custom)
                : NodeKernels.Largest(CustomRow(InnerAt(child), custom));
        }
    }

    /// <summary>Room for the rows of all inner nodes that are or may be; without it there are no custom classes.</summary>
    private bool TryGrowCustomRows()
    {
        nuint nodes = (_innerArena.CommittedByteCount / InnerNode.ByteCount) + 1;
        nuint wanted = nodes * CustomRowInts * sizeof(int);
        _customArena ??= new MetadataArena(_platform, unchecked((nuint)LargestArena));
        if (!_customArena.TryGrow(wanted))
        {
            _customCount = 0;
            return false;
        }

        _customRows = (int*)_customArena.Base;
        return true;
    }

    [InlineArray(MostCustomClasses)]
    private struct CustomAlignments
    {
        private CustomAlignment _first;
    }
}
