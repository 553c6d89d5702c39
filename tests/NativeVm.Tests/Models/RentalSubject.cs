using System.Buffers;
using NativeVm.Tests.Soak;

namespace NativeVm.Tests.Models;

/// <summary>Rentals of a memory pool, each filled with a pattern of its own until it goes back.</summary>
internal sealed class RentalSubject(VmMemoryPool<byte> pool, int capacity) : SoakSubject
{
    private readonly List<(IMemoryOwner<byte> Owner, byte Pattern)> _rentals = [];

    public override void Step(Random random)
    {
        if (_rentals.Count < capacity && random.Next(3) != 0)
        {
            IMemoryOwner<byte> owner = pool.Rent(random.Next(4) == 0 ? random.Next(1, 300_000) : random.Next(1, 5000));
            byte pattern = (byte)NextPattern();
            owner.Memory.Span.Fill(pattern);
            _rentals.Add((owner, pattern));
        }
        else if (_rentals.Count > 0)
        {
            Return(random.Next(_rentals.Count));
        }
    }

    public override void Verify()
    {
        foreach ((IMemoryOwner<byte> owner, byte pattern) in _rentals)
        {
            Verify(owner, pattern);
        }
    }

    public override void Renew()
    {
        Verify();
        while (_rentals.Count > 0)
        {
            Return(_rentals.Count - 1);
        }
    }

    public override void Dispose() => Renew();

    private void Return(int index)
    {
        (IMemoryOwner<byte> owner, byte pattern) = _rentals[index];
        Verify(owner, pattern);
        _rentals.RemoveAt(index);
        owner.Dispose();
    }

    private static void Verify(IMemoryOwner<byte> owner, byte pattern)
    {
        if (owner.Memory.Span.IndexOfAnyExcept(pattern) >= 0)
        {
            throw new SoakFailureException("A rental has been written to by another.");
        }
    }
}
