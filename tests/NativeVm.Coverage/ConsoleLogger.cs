using System.Reflection;

namespace NativeVm.Coverage;

/// <summary>Stands behind coverlet's logger.</summary>
#pragma warning disable CA1852 // A proxy derives from it.
internal class ConsoleLogger : DispatchProxy
#pragma warning restore CA1852
{
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod?.Name is "LogWarning" or "LogError")
        {
            Console.Error.WriteLine(args?[0]);
        }

        return null;
    }
}
