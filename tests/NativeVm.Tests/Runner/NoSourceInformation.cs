using Xunit.Abstractions;

namespace NativeVm.Tests.Runner;

/// <summary>Tests are not looked up in their source files.</summary>
internal sealed class NoSourceInformation : LongLivedMarshalByRefObject, ISourceInformationProvider
{
    public ISourceInformation GetSourceInformation(ITestCase testCase) => new Xunit.Sdk.SourceInformation();

    public void Dispose()
    {
    }
}
