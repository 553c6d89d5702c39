using System.Runtime.CompilerServices;

namespace NativeVm.Locking;

/// <summary>The runtime's number of the calling thread, never 0, read without a call once the thread has asked for it.</summary>
internal static class ThreadNumber
{
    [ThreadStatic]
    private static int _mine;

    /// <summary><see cref="Environment.CurrentManagedThreadId"/>.</summary>
    public static int Mine
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            int mine = _mine;
            return mine != 0 ? mine : Ask();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Ask() => _mine = Environment.CurrentManagedThreadId;
}
