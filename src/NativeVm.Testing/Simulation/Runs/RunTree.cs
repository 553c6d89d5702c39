namespace NativeVm.Testing;

/// <summary>
/// The whole address space as an ordered sequence of runs, the free ones included, each knowing its attributes.
/// </summary>
/// <remarks>
/// <para>
/// Kept true: the runs cover <c>[0, end)</c> without a hole and without overlap. Because free space is a run like
/// any other, a search for space and a change of attributes work on the same structure and cannot disagree.
/// That neighbours differ in their attributes is the editor's care, not the tree's.
/// </para>
/// <para>
/// It is a treap: a search tree by start, a heap by a pseudo-random priority, which makes its expected depth
/// logarithmic whatever the order of edits, with two operations, split and join, from which everything else
/// follows. Each node knows the longest free run below it, so that a search for space skips what cannot fit. A sorted
/// list would cost O(n) per edit, and the framework's sorted set can neither step to a neighbour nor carry
/// that figure. The priorities come from a counter, so that two runs of a test build the same tree.
/// </para>
/// </remarks>
internal sealed partial class RunTree
{
    private Node? _root;
    private ulong _nodesMade;

    public RunTree(nuint end) => _root = NewNode(new Run(0, end, RunAttributes.Free));

    /// <summary>The run that contains an address below the end of the space.</summary>
    public Run Find(nuint address)
    {
        Node? node = _root;
        while (node is not null)
        {
            if (address < node.Run.Start)
            {
                node = node.Left;
            }
            else if (address >= node.Run.End)
            {
                node = node.Right;
            }
            else
            {
                return node.Run;
            }
        }

        throw new InvalidOperationException($"No run contains 0x{address:x}: the tree has a hole.");
    }

    /// <summary>Appends every run that shares a byte with <c>[start, end)</c>, in order and whole.</summary>
    public void Collect(nuint start, nuint end, List<Run> runs) => Collect(_root, start, end, runs);

    /// <summary>
    /// Puts other runs in the place of those that cover <c>[start, end)</c>, whose bounds are run bounds.
    /// </summary>
    public void Replace(nuint start, nuint end, List<Run> runs)
    {
        Split(_root, start, out Node? below, out Node? rest);
        Split(rest, end, out _, out Node? above);
        foreach (Run run in runs)
        {
            below = Join(below, NewNode(run));
        }

        _root = Join(below, above);
    }

    private static void Collect(Node? node, nuint start, nuint end, List<Run> runs)
    {
        if (node is null)
        {
            return;
        }

        if (start < node.Run.Start)
        {
            Collect(node.Left, start, end, runs);
        }

        if (node.Run.Start < end && start < node.Run.End)
        {
            runs.Add(node.Run);
        }

        if (end > node.Run.End)
        {
            Collect(node.Right, start, end, runs);
        }
    }

    /// <summary>Runs that start below <paramref name="key"/>, and the others.</summary>
    private static void Split(Node? node, nuint key, out Node? below, out Node? above)
    {
        if (node is null)
        {
            below = above = null;
        }
        else if (node.Run.Start < key)
        {
            Split(node.Right, key, out node.Right, out above);
            node.Update();
            below = node;
        }
        else
        {
            Split(node.Left, key, out below, out node.Left);
            node.Update();
            above = node;
        }
    }

    /// <summary>One tree of two, every run of the first below every run of the second.</summary>
    private static Node? Join(Node? below, Node? above)
    {
        if (below is null)
        {
            return above;
        }

        if (above is null)
        {
            return below;
        }

        if (below.Priority > above.Priority)
        {
            below.Right = Join(below.Right, above);
            below.Update();
            return below;
        }

        above.Left = Join(below, above.Left);
        above.Update();
        return above;
    }

    private Node NewNode(in Run run) => new(run, Mix(++_nodesMade));

    // The finalizer of splitmix64: consecutive numbers in, well-spread numbers out.
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
            value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
            return value ^ (value >> 31);
        }
    }

    private sealed class Node
    {
        public readonly Run Run;
        public readonly ulong Priority;
        public Node? Left;
        public Node? Right;

        public Node(in Run run, ulong priority)
        {
            Run = run;
            Priority = priority;
            Update();
        }

        /// <summary>The length of the longest free run in this subtree.</summary>
        public nuint LongestFree { get; private set; }

        public void Update()
        {
            nuint longest = Run.Attributes.IsFree ? Run.ByteCount : 0;
            longest = nuint.Max(longest, Left?.LongestFree ?? 0);
            LongestFree = nuint.Max(longest, Right?.LongestFree ?? 0);
        }
    }
}
