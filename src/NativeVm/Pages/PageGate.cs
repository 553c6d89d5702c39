using System.Runtime.InteropServices;

namespace NativeVm.Pages;

/// <summary>A lock for some hundred nanoseconds, alone in its cache lines. Does not nest and knows no owner.</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct PageGate
{
    [FieldOffset(64)]
    private int _isHeld;

    public void Enter()
    {
        if (Interlocked.CompareExchange(ref _isHeld, 1, 0) != 0)
        {
            Wait();
        }
    }

    public bool TryEnter() => Volatile.Read(ref _isHeld) == 0 && Interlocked.CompareExchange(ref _isHeld, 1, 0) == 0;

    public void Exit() => Volatile.Write(ref _isHeld, 0);

    private void Wait()
    {
        SpinWait spin = default;
        while (!TryEnter())
        {
            spin.SpinOnce(sleep1Threshold: 200);
        }
    }
}
