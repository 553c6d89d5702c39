namespace NativeVm.Tests.Soak;

/// <summary>What one thread at a time works on: a subject of each kind.</summary>
internal sealed class SoakLane(int seed, IReadOnlyList<(int Weight, SoakSubject Subject)> subjects) : IDisposable
{
    private readonly Random _random = new(seed);
    private readonly int _totalWeight = subjects.Sum(static subject => subject.Weight);

    /// <summary>What the lane's own memory holds.</summary>
    public nuint NativeByteCount => subjects.Aggregate((nuint)0, static (sum, subject) => sum + subject.Subject.NativeByteCount);

    /// <summary>Random operations on random subjects.</summary>
    public void Run(long stepCount, CancellationToken stop)
    {
        for (long step = 0; step < stepCount && ((step & 255) != 0 || !stop.IsCancellationRequested); step++)
        {
            Choose().Step(_random);
        }
    }

    /// <summary>Verifies what is live.</summary>
    public void Verify()
    {
        foreach ((_, SoakSubject subject) in subjects)
        {
            subject.Verify();
        }
    }

    /// <summary>Makes one subject anew.</summary>
    public void RenewOne() => subjects[_random.Next(subjects.Count)].Subject.Renew();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, SoakSubject subject) in subjects)
        {
            subject.Dispose();
        }
    }

    private SoakSubject Choose()
    {
        int choice = _random.Next(_totalWeight);
        int index = 0;
        while ((choice -= subjects[index].Weight) >= 0)
        {
            index++;
        }

        return subjects[index].Subject;
    }
}
