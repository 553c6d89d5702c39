namespace NativeVm.Tests.Support;

/// <summary>What every <see cref="CapabilityFactAttribute"/> of a class needs, those it inherits included.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ClassNeedsAttribute(Needs needs) : Attribute
{
    /// <summary>What they need.</summary>
    public Needs Needs { get; } = needs;
}
