namespace NativeVm.Tests.Objects;

/// <summary>A linked list of real pointers in an arena, newest first; each node has a number and a pattern.</summary>
internal static unsafe class ArenaList
{
    public static void Append(PersistentArena arena, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Node* head = (Node*)arena.Root;
            Node* node = (Node*)arena.Allocate((nuint)sizeof(Node), 8);
            Assert.Equal(0, node->Number);
            node->Next = head;
            node->Number = head == null ? 1 : head->Number + 1;
            node->Pattern = ~(long)node->Number * 0x5851_F42D;
            arena.Root = (nuint)node;
        }
    }

    /// <summary>The length of the list, every node of which is right.</summary>
    public static int Verify(PersistentArena arena)
    {
        int count = 0;
        for (Node* node = (Node*)arena.Root; node != null; node = node->Next)
        {
            Assert.True(arena.Contains((nuint)node), "The node is in the arena.");
            Assert.Equal(~(long)node->Number * 0x5851_F42D, node->Pattern);
            Assert.Equal(node->Next == null ? 1 : node->Next->Number + 1, node->Number);
            count++;
        }

        return count;
    }

    private struct Node
    {
        public Node* Next;
        public long Pattern;
        public int Number;
    }
}
