using System.Diagnostics.CodeAnalysis;

namespace NativeVm;

/// <summary>The entries of a map in the order of their addresses; see <see cref="VmMap.GetEntries"/>.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is iterated over, and is no collection.")]
[SuppressMessage("Performance", "CA1815", Justification = "Nobody compares iterations.")]
public readonly struct VmEntryEnumerable
{
    private readonly VmMap _map;
    private readonly nuint _start;

    internal VmEntryEnumerable(VmMap map, nuint start)
    {
        _map = map;
        _start = start;
    }

    /// <summary>Begins an iteration.</summary>
    public Enumerator GetEnumerator() => new(_map, _start);

    /// <summary>One iteration. Each step is a search of its own, O(log n), so that the map may change in between.</summary>
    [SuppressMessage("Design", "CA1034", Justification = "The shape that foreach expects.")]
    public struct Enumerator
    {
        private readonly VmMap _map;
        private nuint _next;

        internal Enumerator(VmMap map, nuint start)
        {
            _map = map;
            _next = start;
        }

        /// <summary>The entry that the last step came to.</summary>
        public VmEntry Current { get; private set; }

        /// <summary>Goes to the next entry.</summary>
        /// <returns>Whether there is one.</returns>
        /// <exception cref="SynchronizationLockException">Nobody holds the map's lock.</exception>
        public bool MoveNext()
        {
            bool isFound = _map.TryGetEntryEndingAbove(_next, out VmEntry entry);
            Current = entry;
            _next = isFound ? entry.End : _next;
            return isFound;
        }
    }
}
