using System.Diagnostics;

namespace NativeVm.Diagnostics;

/// <summary>One allocation that has not been freed.</summary>
internal sealed record AllocationRecord(string OwnerName, string OwnerKind, nuint ByteCount, StackTrace Stack)
{
    private static readonly string? OwnAssembly = typeof(AllocationRecord).Assembly.FullName;

    /// <summary>The method that asked for it: the innermost one that is not this library's.</summary>
    public string FindSite()
    {
        foreach (StackFrame frame in Stack.GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is { } method && method.DeclaringAssemblyName != OwnAssembly)
            {
                return $"{method.DeclaringTypeName}.{method.Name}";
            }
        }

        return "unknown";
    }
}
