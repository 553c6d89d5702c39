namespace NativeVm.Tests.Objects;

/// <summary>
/// Threads that write so that every moment can be recognised: one counts, writing its count to one page after the
/// other; one copies the last of these words to a page of its own; one writes a page at random.
/// </summary>
internal sealed unsafe class SnapshotWriters : IDisposable
{
    public const nuint ByteCount = (Pages + 2) * Page;

    private const nuint Page = 4096;
    private const nuint Pages = 128;

    private readonly nuint _address;
    private readonly Thread[] _threads;
    private readonly ManualResetEventSlim _gate = new(initialState: true);
    private int _heldOff;
    private volatile bool _isOver;
    private long _rounds;

    public SnapshotWriters(nuint address)
    {
        _address = address;
        _threads = [Start(Count), Start(Follow), Start(Scribble)];
    }

    public long Rounds => Volatile.Read(ref _rounds);

    /// <summary>What the counter had come to in a snapshot, which shows one moment.</summary>
    public static long Verify(nuint address)
    {
        long first = Word(address, 0);
        long previous = first;
        for (nuint page = 1; page < Pages; page++)
        {
            long word = Word(address, page);
            Assert.True(word <= previous && word >= first - 1, $"Page {page} is of another moment: {word} after {previous} of {first}.");
            previous = word;
        }

        Assert.True(Word(address, Pages) <= previous, "What was seen is there.");
        return first;
    }

    public void HoldOff()
    {
        _gate.Reset();
        SpinWait.SpinUntil(() => Volatile.Read(ref _heldOff) == _threads.Length);
    }

    public void GoOn()
    {
        if (!_gate.IsSet)
        {
            _gate.Set();
            SpinWait.SpinUntil(() => Volatile.Read(ref _heldOff) == 0);
        }
    }

    public void Dispose()
    {
        _isOver = true;
        _gate.Set();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        _gate.Dispose();
    }

    private static long Word(nuint address, nuint page) => Volatile.Read(ref *(long*)(address + (page * Page)));

    private Thread Start(Action step)
    {
        Thread thread = new(() =>
        {
            while (!_isOver)
            {
                if (!_gate.IsSet)
                {
                    Interlocked.Increment(ref _heldOff);
                    _gate.Wait();
                    Interlocked.Decrement(ref _heldOff);
                }

                step();
            }
        });
        thread.Start();
        return thread;
    }

    private void Count()
    {
        long round = _rounds + 1;
        for (nuint page = 0; page < Pages; page++)
        {
            Volatile.Write(ref *(long*)(_address + (page * Page)), round);
        }

        Volatile.Write(ref _rounds, round);
    }

    private void Follow() => Volatile.Write(ref *(long*)(_address + (Pages * Page)), Word(_address, Pages - 1));

    private void Scribble() =>
        *(long*)(_address + ((nuint)Random.Shared.Next((int)Pages) * Page) + (8 * (nuint)Random.Shared.Next(1, 512))) = 7;
}
