namespace NativeVm.Tests.Support;

/// <summary>A theory that is skipped, with the reason, where the machine lacks what it needs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CapabilityTheoryAttribute : TheoryAttribute
{
    /// <summary>A theory with needs.</summary>
    public CapabilityTheoryAttribute(Needs needs)
    {
        Needs = needs;
        Skip = NeedsProbe.WhyMissing(needs);
    }

    /// <summary>What it needs.</summary>
    public Needs Needs { get; }
}
