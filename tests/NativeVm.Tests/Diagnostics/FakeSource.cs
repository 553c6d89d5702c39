using NativeVm.Diagnostics;

namespace NativeVm.Tests.Diagnostics;

/// <summary>Something with a name and no figures.</summary>
internal sealed class FakeSource(string name) : IUsageSource
{
    public string Name => name;

    public string Kind => "fake";

    public VmUsage GetUsage(UsageFigures figures) => default;
}
