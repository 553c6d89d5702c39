using Xunit.Abstractions;
using Xunit.Sdk;

namespace NativeVm.Tests.Support;

/// <summary>Makes the test cases of <see cref="CapabilityFactAttribute"/>.</summary>
public sealed class CapabilityFactDiscoverer(IMessageSink diagnosticMessageSink) : FactDiscoverer(diagnosticMessageSink)
{
    /// <inheritdoc/>
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new CapabilityTestCase(
            DiagnosticMessageSink,
            discoveryOptions.MethodDisplayOrDefault(),
            discoveryOptions.MethodDisplayOptionsOrDefault(),
            testMethod);
}
