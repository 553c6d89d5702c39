namespace NativeVm.Tests.Soak;

/// <summary>An array of the lane's own whose elements are numbered.</summary>
internal sealed class ArraySubject : SoakSubject
{
    private const nuint Most = 64 << 10;
    private VirtualArray<ulong> _array = Make();
    private ulong _key = 1;

    public override nuint NativeByteCount => _array.GetStatistics().CommittedByteCount;

    public override void Step(Random random)
    {
        nuint length = _array.Length;
        int choice = random.Next(1000);
        if (choice == 0 || length > Most)
        {
            Verify();
            _array.Truncate(choice < 500 ? 0 : (nuint)random.NextInt64((long)length + 1)).ThrowIfFailed();
        }
        else if (choice < 20)
        {
            nuint added = (nuint)random.Next(1, 2000);
            nuint start = _array.AddZeroed(added);
            Span<ulong> span = _array.AsSpan(start, (int)added);
            if (start != length || span.ContainsAnyExcept(0ul))
            {
                throw new SoakFailureException("New elements of an array are not zero.");
            }

            for (int i = 0; i < span.Length; i++)
            {
                span[i] = ValueOf(start + (nuint)i);
            }
        }
        else if (choice < 600 || length == 0)
        {
            _array.Add(ValueOf(length));
        }
        else
        {
            nuint index = (nuint)random.NextInt64((long)length);
            Require(index, _array[index]);
        }
    }

    public override void Verify()
    {
        Span<ulong> all = _array.AsSpan();
        for (int i = 0; i < all.Length; i++)
        {
            Require((nuint)i, all[i]);
        }
    }

    public override void Renew()
    {
        Dispose();
        _key = NextPattern();
        _array = Make();
    }

    public override void Dispose()
    {
        Verify();
        _array.Dispose();
    }

    private static VirtualArray<ulong> Make() => new(new VirtualArrayOptions { Capacity = 1 << 24, Name = "soak" });

    private ulong ValueOf(nuint index) => (index + 1) * _key;

    private void Require(nuint index, ulong value)
    {
        if (value != ValueOf(index))
        {
            throw new SoakFailureException($"Element {index} of an array is {value:x} instead of {ValueOf(index):x}.");
        }
    }
}
