namespace NativeVm.Tool.Profiling.Maps.GapTree;

internal sealed unsafe partial class AvlEntryIndex
{
    public void Validate()
    {
        nuint count = 0;
        ulong end = FirstPage;
        if (_root != 0)
        {
            ValidateUnder(_root, ref count, ref end);
            Require(end == EndPage, "the sentinel is the last node", _root);
            count--;
        }

        Require(count == Count, $"the tree has {count} entries and counts {Count}", _root);
    }

    private void ValidateUnder(uint number, ref nuint count, ref ulong end)
    {
        AvlNode* node = At(number);
        AvlNode before = *node;
        if (node->Left != 0)
        {
            ValidateUnder(node->Left, ref count, ref end);
        }

        Require(node->GapStart == end, $"the gap below begins at the predecessor's end, page {end}", number);
        Require(node->Start >= end, "entries do not overlap", number);
        Require(node->End > node->Start || IsSentinel(node), "entries are not empty", number);
        Require(node->End <= EndPage, "entries lie inside the index", number);
        end = node->End;
        count++;
        if (node->Right != 0)
        {
            ValidateUnder(node->Right, ref count, ref end);
        }

        Require(Math.Abs(HeightOf(node->Left) - HeightOf(node->Right)) <= 1, "the tree is balanced", number);
        Update(node);
        Require(
            before.Height == node->Height && before.LargestFree == node->LargestFree && before.LargestGap == node->LargestGap,
            "height and figures are those of the children",
            number);
    }

    private void Require(bool condition, string promise, uint number)
    {
        if (!condition)
        {
            string place = number == 0 ? "the empty tree" : $"node {number}, pages {At(number)->Start} to {At(number)->End}";
            throw new InvalidOperationException($"The index is corrupt at {place}: it does not hold that {promise}.");
        }
    }
}
