using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace NativeVm.SqliteClient;

/// <summary>
/// Gives SQLite its memory, from a heap and a pool of frames, before it begins; and takes it away when it has ended.
/// </summary>
public sealed unsafe class SqliteMemory : IDisposable
{
    private const int StatusPageCacheUsed = 1;
    private const int DatabasePageByteCount = 4096;

    private SqliteMemoryMethods _before;
    private bool _isDisposed;

    private SqliteMemory()
    {
    }

    /// <summary>Bytes that SQLite has allocated and not freed, as it counts them itself.</summary>
    public static long MemoryUsed => SqliteNative.GetMemoryUsed();

    /// <summary>Pages of the page cache's own memory that are in use.</summary>
    public static long PageCacheUsed
    {
        get
        {
            long current;
            long highest;
            Check(SqliteNative.GetStatus(StatusPageCacheUsed, &current, &highest, 0), "status");
            return current;
        }
    }

    /// <summary>Why SQLite cannot be configured here; null when it can.</summary>
    public static string? WhyMissing()
    {
        if (OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64)
        {
            return "sqlite3_config has variable arguments, which are passed in another way here.";
        }

        return NativeLibrary.TryLoad("e_sqlite3", typeof(SqliteMemory).Assembly, null, out _)
            ? null
            : "The native library e_sqlite3 does not load here.";
    }

    /// <summary>
    /// Has SQLite no longer count its memory, before it is initialised. Its manual recommends it: each allocation then
    /// takes no mutex, and does not ask the allocator how large the block is.
    /// </summary>
    public static void SwitchOffStatistics() => Check(SqliteNative.Configure(SqliteNative.ConfigMemoryStatus, isOn: 0), "status");

    /// <summary>Configures SQLite, which must not be initialised.</summary>
    /// <param name="heap">Where all but the page cache comes from.</param>
    /// <param name="frames">Where the page cache comes from; it spills over into the heap.</param>
    public static SqliteMemory Use(VmHeap heap, FramePool? frames)
    {
        ArgumentNullException.ThrowIfNull(heap);
        SqliteMemory memory = new();

        // Whoever used it before has left it initialised; nothing of it is open.
        Check(SqliteNative.Shutdown(), "shutdown");
        fixed (SqliteMemoryMethods* before = &memory._before)
        {
            Check(SqliteNative.Configure(SqliteNative.ConfigGetMalloc, before), "get malloc");
        }

        SqliteHeap.Bind(heap);
        SqliteMemoryMethods methods = SqliteHeap.Methods;
        Check(SqliteNative.Configure(SqliteNative.ConfigMalloc, &methods), "malloc");
        if (frames is not null)
        {
            UseFrames(frames);
        }

        Check(SqliteNative.Initialize(), "initialize");
        return memory;
    }

    /// <summary>Ends SQLite, of which nothing may be open, and gives it back the allocator it had.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        Check(SqliteNative.Shutdown(), "shutdown");
        SqliteHeap.Unbind();
        SqliteMemoryMethods before = _before;
        Check(SqliteNative.Configure(SqliteNative.ConfigMalloc, &before), "malloc");
        Check(SqliteNative.Configure(SqliteNative.ConfigPageCache, null, 0, 0), "page cache");
    }

    private static void UseFrames(FramePool frames)
    {
        // SQLite puts a header of its own beside every page, and divides the frames' memory itself.
        int headerByteCount;
        Check(SqliteNative.Configure(SqliteNative.ConfigPageCacheHeaderSize, &headerByteCount), "header size");
        int slotByteCount = (DatabasePageByteCount + headerByteCount + 7) & ~7;
        frames.TryAllocateAll(out nuint address).ThrowIfFailed();
        int slotCount = checked((int)(frames.FrameCount * frames.FrameByteCount / (nuint)slotByteCount));
        Check(SqliteNative.Configure(SqliteNative.ConfigPageCache, (void*)address, slotByteCount, slotCount), "page cache");
    }

    [SuppressMessage("Usage", "CA2201", Justification = "A failure of the test's own set-up.")]
    private static void Check(int code, string what)
    {
        if (code != 0)
        {
            throw new InvalidOperationException($"SQLite refused ({what}) with code {code}.");
        }
    }
}
