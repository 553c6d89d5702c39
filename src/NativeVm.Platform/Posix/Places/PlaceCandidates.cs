using System.Runtime.CompilerServices;

namespace NativeVm.Platform.Posix.Places;

/// <summary>The few best places that a look at the address space has shown, best first. None of them is a promise.</summary>
internal struct PlaceCandidates
{
    private const int Capacity = 8;

    private Addresses _addresses;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The candidate of that rank.</summary>
    public readonly nuint this[int rank] => _addresses[rank];

    /// <summary>Takes the gap's best place in, if it is among the best.</summary>
    public void Offer(in PlaceBounds bounds, nuint gapStart, nuint gapEnd)
    {
        if (!bounds.TryPlace(gapStart, gapEnd, out nuint address))
        {
            return;
        }

        nuint distance = bounds.Distance(address);
        int rank = Count;
        while (rank > 0 && bounds.Distance(_addresses[rank - 1]) > distance)
        {
            rank--;
        }

        if (rank == Capacity)
        {
            return;
        }

        Count = int.Min(Count + 1, Capacity);
        for (int i = Count - 1; i > rank; i--)
        {
            _addresses[i] = _addresses[i - 1];
        }

        _addresses[rank] = address;
    }

    [InlineArray(Capacity)]
    private struct Addresses
    {
        private nuint _first;
    }
}
