using System.Diagnostics;

namespace NativeVm.Tool.Profiling.Hosts;

/// <summary>Room in a process for malloc libraries that are loaded late.</summary>
/// <remarks>
/// jemalloc and others keep thread locals where glibc leaves little room unless asked for: "cannot allocate memory in
/// static TLS block".
/// </remarks>
internal static class LibraryRoom
{
    private const string Tunables = "GLIBC_TUNABLES";
    private const string RoomForThreadLocals = "glibc.rtld.optional_static_tls=65536";

    /// <summary>Asks for room in a process that is about to start.</summary>
    /// <param name="start">The process.</param>
    public static void AddTo(ProcessStartInfo start)
    {
        string? tunables = Environment.GetEnvironmentVariable(Tunables);
        start.Environment[Tunables] = string.IsNullOrEmpty(tunables) ? RoomForThreadLocals : $"{tunables}:{RoomForThreadLocals}";
    }
}
