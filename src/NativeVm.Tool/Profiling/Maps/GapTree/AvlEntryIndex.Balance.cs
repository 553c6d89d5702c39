namespace NativeVm.Tool.Profiling.Maps.GapTree;

internal sealed unsafe partial class AvlEntryIndex
{
    private int HeightOf(uint number) => number == 0 ? 0 : At(number)->Height;

    /// <summary>Recomputes height and figures from the node's own gap and its children.</summary>
    private void Update(AvlNode* node)
    {
        ulong free = node->Free;
        ulong gap = node->Gap;
        int height = 0;
        if (node->Left != 0)
        {
            AvlNode* left = At(node->Left);
            free = Math.Max(free, left->LargestFree);
            gap = Math.Max(gap, left->LargestGap);
            height = left->Height;
        }

        if (node->Right != 0)
        {
            AvlNode* right = At(node->Right);
            free = Math.Max(free, right->LargestFree);
            gap = Math.Max(gap, right->LargestGap);
            height = Math.Max(height, right->Height);
        }

        node->LargestFree = free;
        node->LargestGap = gap;
        node->Height = height + 1;
    }

    private uint InsertInto(uint root, uint number)
    {
        if (root == 0)
        {
            Update(At(number));
            return number;
        }

        AvlNode* node = At(root);
        if (At(number)->Start < node->Start)
        {
            node->Left = InsertInto(node->Left, number);
        }
        else
        {
            node->Right = InsertInto(node->Right, number);
        }

        return Balance(root);
    }

    private uint RemoveFrom(uint root, ulong start)
    {
        AvlNode* node = At(root);
        if (start < node->Start)
        {
            node->Left = RemoveFrom(node->Left, start);
            return Balance(root);
        }

        if (start > node->Start)
        {
            node->Right = RemoveFrom(node->Right, start);
            return Balance(root);
        }

        if (node->Left == 0 || node->Right == 0)
        {
            return node->Left | node->Right;
        }

        uint right = RemoveLowest(node->Right, out uint successor);
        AvlNode* replacement = At(successor);
        replacement->Left = node->Left;
        replacement->Right = right;
        return Balance(successor);
    }

    private uint RemoveLowest(uint root, out uint lowest)
    {
        AvlNode* node = At(root);
        if (node->Left == 0)
        {
            lowest = root;
            return node->Right;
        }

        node->Left = RemoveLowest(node->Left, out lowest);
        return Balance(root);
    }

    private uint Balance(uint root)
    {
        AvlNode* node = At(root);
        int lean = HeightOf(node->Left) - HeightOf(node->Right);
        if (lean > 1)
        {
            AvlNode* left = At(node->Left);
            if (HeightOf(left->Left) < HeightOf(left->Right))
            {
                node->Left = RotateLeft(node->Left);
            }

            return RotateRight(root);
        }

        if (lean < -1)
        {
            AvlNode* right = At(node->Right);
            if (HeightOf(right->Right) < HeightOf(right->Left))
            {
                node->Right = RotateRight(node->Right);
            }

            return RotateLeft(root);
        }

        Update(node);
        return root;
    }

    private uint RotateLeft(uint root)
    {
        AvlNode* node = At(root);
        uint risen = node->Right;
        AvlNode* right = At(risen);
        node->Right = right->Left;
        right->Left = root;
        Update(node);
        Update(right);
        return risen;
    }

    private uint RotateRight(uint root)
    {
        AvlNode* node = At(root);
        uint risen = node->Left;
        AvlNode* left = At(risen);
        node->Left = left->Right;
        left->Right = root;
        Update(node);
        Update(left);
        return risen;
    }

    /// <summary>Moves the lower bound of the gap below the node that starts at <paramref name="start"/>.</summary>
    private void SetGapStart(ulong start, ulong gapStart)
    {
        At(FindAtOrAbove(start))->GapStart = gapStart;
        Refresh(start);
    }

    /// <summary>Recomputes the figures on the path down to the node that starts at <paramref name="start"/>.</summary>
    private void Refresh(ulong start) => RefreshUnder(_root, start);

    private void RefreshUnder(uint root, ulong start)
    {
        AvlNode* node = At(root);
        if (start < node->Start)
        {
            RefreshUnder(node->Left, start);
        }
        else if (start > node->Start)
        {
            RefreshUnder(node->Right, start);
        }

        Update(node);
    }
}
