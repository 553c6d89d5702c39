namespace NativeVm.Diagnostics;

/// <summary>Asking what may be disposed of at any moment by its owner.</summary>
internal static class UsageSourceExtensions
{
    /// <summary>Its figures now, or <see langword="false"/> when it has been disposed of since it was listed.</summary>
    public static bool TryGetUsage(this IUsageSource source, UsageFigures figures, out VmUsage usage)
    {
        try
        {
            usage = source.GetUsage(figures);
            return true;
        }
        catch (ObjectDisposedException)
        {
            usage = default;
            return false;
        }
    }
}
