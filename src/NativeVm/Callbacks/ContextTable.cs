namespace NativeVm.Callbacks;

/// <summary>
/// The heaps that native code names by an opaque pointer. The pointer is no address: it holds a place in a table and
/// which life of the place is meant, so that one that native code keeps too long finds nothing, not somebody else.
/// </summary>
internal static unsafe class ContextTable
{
    private const int IndexBits = 16;
    private const nuint IndexMask = (1u << IndexBits) - 1;

    private static readonly Lock Gate = new();

    // Replaced as a whole when it grows; its elements are references, which are read and written as one.
    private static volatile VmHeapContext?[] _contexts = new VmHeapContext?[8];
    private static nuint _lastLife;

    /// <summary>Puts a context into the table.</summary>
    /// <returns>Its pointer; never null.</returns>
    public static nuint Add(VmHeapContext context)
    {
        lock (Gate)
        {
            int index = Array.IndexOf(_contexts, null);
            if (index < 0)
            {
                index = _contexts.Length;
                if ((nuint)index * 2 > IndexMask + 1)
                {
                    throw new InvalidOperationException($"There are {index} contexts of heaps, the most there can be; dispose of some.");
                }

                VmHeapContext?[] larger = new VmHeapContext?[index * 2];
                _contexts.CopyTo(larger, 0);
                _contexts = larger;
            }

            _contexts[index] = context;
            return unchecked((++_lastLife << IndexBits) | (nuint)index);
        }
    }

    public static void Remove(VmHeapContext context)
    {
        lock (Gate)
        {
            int index = Array.IndexOf(_contexts, context);
            if (index >= 0)
            {
                _contexts[index] = null;
            }
        }
    }

    /// <summary>The heap of a pointer; null when it is none, or no longer one.</summary>
    public static VmHeap? Find(void* pointer)
    {
        VmHeapContext?[] contexts = _contexts;
        nuint index = (nuint)pointer & IndexMask;
        return index < (nuint)contexts.Length && contexts[index] is { } context && context.Opaque == pointer ? context.Heap : null;
    }
}
