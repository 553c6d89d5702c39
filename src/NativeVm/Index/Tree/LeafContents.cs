namespace NativeVm.Index.Tree;

/// <summary>The entries of up to two leaves and one more, in page numbers, while they are moved between leaves.</summary>
internal unsafe struct LeafContents
{
    public const int Capacity = (2 * LeafNode.Capacity) + 2;

    public fixed ulong Starts[Capacity];
    public fixed ulong Ends[Capacity];
    public fixed ulong Tags[Capacity];
    public fixed uint Flags[Capacity];
}
