using System.ComponentModel;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace NativeVm.Tests.Support;

/// <summary>A test case that also asks what the class it is run in needs.</summary>
public sealed class CapabilityTestCase : XunitTestCase
{
    /// <summary>For the runner, which fills it in.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("Called by the runner.")]
    public CapabilityTestCase()
    {
    }

    /// <summary>A test case of a method.</summary>
    public CapabilityTestCase(
        IMessageSink diagnosticMessageSink,
        TestMethodDisplay display,
        TestMethodDisplayOptions displayOptions,
        ITestMethod testMethod)
        : base(diagnosticMessageSink, display, displayOptions, testMethod)
    {
    }

    /// <inheritdoc/>
    protected override string GetSkipReason(IAttributeInfo factAttribute)
    {
        string? reason = base.GetSkipReason(factAttribute);
        IAttributeInfo? ofClass = TestMethod.TestClass.Class
            .GetCustomAttributes(typeof(ClassNeedsAttribute).AssemblyQualifiedName)
            .FirstOrDefault();
        return reason ?? NeedsProbe.WhyMissing(ofClass?.GetNamedArgument<Needs>(nameof(ClassNeedsAttribute.Needs)) ?? Needs.None)!;
    }
}
