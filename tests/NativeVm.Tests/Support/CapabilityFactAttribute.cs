using Xunit.Sdk;

namespace NativeVm.Tests.Support;

/// <summary>
/// A fact that is skipped, with the reason, where the machine lacks what it needs, or what the class it is run in
/// needs (<see cref="ClassNeedsAttribute"/>), which a fact inherited from a contract class cannot know.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("NativeVm.Tests.Support.CapabilityFactDiscoverer", "NativeVm.Tests")]
public sealed class CapabilityFactAttribute : FactAttribute
{
    /// <summary>A fact with needs of its own.</summary>
    public CapabilityFactAttribute(Needs needs = Needs.None)
    {
        Needs = needs;
        Skip = NeedsProbe.WhyMissing(needs);
    }

    /// <summary>What it needs.</summary>
    public Needs Needs { get; }
}
