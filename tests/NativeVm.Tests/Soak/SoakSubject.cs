namespace NativeVm.Tests.Soak;

/// <summary>One kind of memory in one lane of the load. A lane is run by one thread at a time.</summary>
internal abstract class SoakSubject : IDisposable
{
    private ulong _patterns = (ulong)Random.Shared.NextInt64() | 1;

    /// <summary>One random operation.</summary>
    public abstract void Step(Random random);

    /// <summary>Verifies everything that is live in this lane.</summary>
    public abstract void Verify();

    /// <summary>Gives all that is live back, verified; what is the lane's own is made anew.</summary>
    public abstract void Renew();

    /// <summary>Bytes of pages and records that the lane's own memory holds; of shared memory, none.</summary>
    public virtual nuint NativeByteCount => 0;

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>A value that no other block of the run has, but by an accident of 64 bits; never 0.</summary>
    protected ulong NextPattern() => (_patterns += 0x9e37_79b9_7f4a_7c15) | 1;
}
