using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace NativeVm;

/// <summary>
/// SQLite's <c>sqlite3_mem_methods</c>, laid out as in <c>sqlite3.h</c>: what <c>sqlite3_config(SQLITE_CONFIG_MALLOC)</c>
/// takes a pointer to and copies.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
[SuppressMessage("Design", "CA1051", Justification = "Its layout is its interface.")]
[SuppressMessage("Performance", "CA1815", Justification = "Nobody compares tables of functions.")]
public unsafe struct SqliteMemoryMethods
{
    /// <summary>Allocates: <c>void *(*xMalloc)(int)</c>.</summary>
    public delegate* unmanaged[Cdecl]<int, void*> Malloc;

    /// <summary>Frees: <c>void (*xFree)(void*)</c>.</summary>
    public delegate* unmanaged[Cdecl]<void*, void> Free;

    /// <summary>Resizes: <c>void *(*xRealloc)(void*, int)</c>.</summary>
    public delegate* unmanaged[Cdecl]<void*, int, void*> Realloc;

    /// <summary>Bytes that a block has: <c>int (*xSize)(void*)</c>.</summary>
    public delegate* unmanaged[Cdecl]<void*, int> Size;

    /// <summary>Bytes that a block asked for so large would have: <c>int (*xRoundup)(int)</c>.</summary>
    public delegate* unmanaged[Cdecl]<int, int> RoundUp;

    /// <summary>Begins: <c>int (*xInit)(void*)</c>.</summary>
    public delegate* unmanaged[Cdecl]<void*, int> Init;

    /// <summary>Ends: <c>void (*xShutdown)(void*)</c>.</summary>
    public delegate* unmanaged[Cdecl]<void*, void> Shutdown;

    /// <summary>Passed to the last two.</summary>
    public void* AppData;
}
