using NativeVm.Index;

namespace NativeVm.Tool.Profiling.Maps.GapTree;

internal sealed unsafe partial class AvlEntryIndex
{
    public bool TryFindSpace(in SpaceQuery query, out ulong page)
    {
        if (_root == 0)
        {
            return GapFit.TryFit(FirstPage, EndPage, query, out page);
        }

        return TryFindUnder(_root, query, out page);
    }

    public bool TryGetAtOrBelow(ulong page, out EntryRecord entry)
    {
        uint best = 0;
        for (uint number = _root; number != 0;)
        {
            AvlNode* node = At(number);
            bool isAtOrBelow = node->Start <= page && !IsSentinel(node);
            best = isAtOrBelow ? number : best;
            number = isAtOrBelow ? node->Right : node->Left;
        }

        return TryRead(best, out entry);
    }

    public bool TryGoToAtOrBelow(ulong page, out EntryRecord entry) => TryGetAtOrBelow(page, out entry);

    public bool TryGetAtOrAbove(ulong page, out EntryRecord entry)
    {
        uint number = FindAtOrAbove(page);
        return TryRead(number == 0 || IsSentinel(At(number)) ? 0 : number, out entry);
    }

    /// <summary>The node with the lowest start at or above a page, the sentinel included; 0 when there is none.</summary>
    private uint FindAtOrAbove(ulong page)
    {
        uint best = 0;
        for (uint number = _root; number != 0;)
        {
            AvlNode* node = At(number);
            bool isAtOrAbove = node->Start >= page;
            best = isAtOrAbove ? number : best;
            number = isAtOrAbove ? node->Left : node->Right;
        }

        return best;
    }

    private bool IsSentinel(AvlNode* node) => node->Start == EndPage;

    private bool TryRead(uint number, out EntryRecord entry)
    {
        if (number == 0)
        {
            entry = default;
            return false;
        }

        AvlNode* node = At(number);
        entry.Start = node->Start;
        entry.End = node->End;
        entry.Tag = node->Tag;
        entry.Flags = node->Flags;
        entry.Detail = node->Detail;
        return true;
    }

    private bool TryFindUnder(uint root, in SpaceQuery query, out ulong page)
    {
        page = 0;
        for (uint number = root; number != 0;)
        {
            AvlNode* node = At(number);
            ulong largest = query.IncludeStackReserves ? node->LargestGap : node->LargestFree;
            if (largest < query.PageCount)
            {
                return false;
            }

            // Every gap of the left subtree ends below this node's gap.
            if (node->GapStart > query.Start && node->Left != 0 && TryFindUnder(node->Left, query, out page))
            {
                return true;
            }

            if (node->GapStart >= query.Limit)
            {
                return false;
            }

            ulong gapEnd = query.IncludeStackReserves ? node->Start : node->FreeEnd;
            if (GapFit.TryFit(node->GapStart, gapEnd, query, out page))
            {
                return true;
            }

            number = node->Right;
        }

        return false;
    }
}
