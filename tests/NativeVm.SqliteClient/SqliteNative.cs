using System.Runtime.InteropServices;

namespace NativeVm.SqliteClient;

/// <summary>The functions of SQLite that its .NET binding does not have. They are called before it is initialised.</summary>
internal static unsafe partial class SqliteNative
{
    public const int ConfigMalloc = 4;
    public const int ConfigGetMalloc = 5;
    public const int ConfigPageCache = 7;
    public const int ConfigMemoryStatus = 9;
    public const int ConfigPageCacheHeaderSize = 24;

    private const string Library = "e_sqlite3";

    /// <summary>
    /// It has a variable list of arguments, which all the systems tested pass as others; Apple's on arm64 do not.
    /// </summary>
    [LibraryImport(Library, EntryPoint = "sqlite3_config")]
    public static partial int Configure(int operation, void* argument);

    [LibraryImport(Library, EntryPoint = "sqlite3_config")]
    public static partial int Configure(int operation, int isOn);

    [LibraryImport(Library, EntryPoint = "sqlite3_config")]
    public static partial int Configure(int operation, void* argument, int byteCount, int count);

    [LibraryImport(Library, EntryPoint = "sqlite3_initialize")]
    public static partial int Initialize();

    [LibraryImport(Library, EntryPoint = "sqlite3_shutdown")]
    public static partial int Shutdown();

    [LibraryImport(Library, EntryPoint = "sqlite3_memory_used")]
    public static partial long GetMemoryUsed();

    [LibraryImport(Library, EntryPoint = "sqlite3_status64")]
    public static partial int GetStatus(int operation, long* current, long* highest, int resets);
}
