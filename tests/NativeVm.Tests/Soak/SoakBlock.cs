namespace NativeVm.Tests.Soak;

/// <summary>A range that is live, and what is written in it.</summary>
internal readonly record struct SoakBlock(nuint Address, nuint ByteCount, ulong Pattern)
{
    /// <summary>Fills the range.</summary>
    public SoakBlock Filled()
    {
        SoakPattern.Fill(Address, ByteCount, Pattern);
        return this;
    }

    /// <summary>Throws unless the range holds what was written.</summary>
    public void Verify(string what) => SoakPattern.Verify(Address, ByteCount, Pattern, what);
}
