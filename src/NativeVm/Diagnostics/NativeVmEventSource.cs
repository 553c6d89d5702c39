using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Tracing;
using NativeVm.Platform;

namespace NativeVm.Diagnostics;

/// <summary>
/// The event source <c>NativeVm</c>: what happens rarely and matters. Each method is called for the event alone; who
/// calls it asks <see cref="EventSource.IsEnabled()"/> first where making its arguments costs something.
/// </summary>
[EventSource(Name = VmDiagnostics.EventSourceName)]
internal sealed class NativeVmEventSource : EventSource
{
    private const int GrowthId = 1;
    private const int PurgeId = 2;
    private const int RefusalId = 3;
    private const int FreedWhileHeldId = 4;
    private const int ForgottenId = 5;
    private const int CallbackFailedId = 6;

    /// <summary>The one there is.</summary>
    public static readonly NativeVmEventSource Log = new();

    private NativeVmEventSource()
    {
    }

    /// <summary>A reservation has been extended; called where the figures are numbers of their own kind.</summary>
    [NonEvent]
    public static void Grown(string name, nuint address, nuint byteCount)
    {
        if (Log.IsEnabled())
        {
            Log.Growth(name, (long)address, (long)byteCount);
        }
    }

    /// <summary>Pages have been given back to the system, unasked.</summary>
    [NonEvent]
    public static void Purged(string name, nuint byteCount)
    {
        if (Log.IsEnabled())
        {
            Log.Purge(name, (long)byteCount);
        }
    }

    /// <summary>The system has refused.</summary>
    [NonEvent]
    public static void Refused(in SystemReply reply)
    {
        if (Log.IsEnabled())
        {
            Log.Refusal(reply.ToString());
        }
    }

    [Event(GrowthId, Level = EventLevel.Informational, Message = "{0} has grown by {2} bytes")]
    private void Growth(string name, long address, long byteCount) => WriteTriple(GrowthId, name, address, byteCount);

    [Event(PurgeId, Level = EventLevel.Informational, Message = "{0} has given {1} bytes back")]
    private void Purge(string name, long byteCount) => WriteEvent(PurgeId, name, byteCount);

    [Event(RefusalId, Level = EventLevel.Warning, Message = "{0}")]
    private void Refusal(string text) => WriteEvent(RefusalId, text);

    /// <summary>Memory has been disposed of while it is pinned or in view; it goes when the last hold on it does.</summary>
    [Event(FreedWhileHeldId, Level = EventLevel.Warning, Message = "Memory of {0} was disposed of while held")]
    public void FreedWhileHeld(string name, long address, long byteCount) =>
        WriteTriple(FreedWhileHeldId, name, address, byteCount);

    /// <summary>Memory has been forgotten undisposed, and the collector has found it.</summary>
    [Event(ForgottenId, Level = EventLevel.Warning, Message = "Memory of {0} was forgotten undisposed")]
    public void Forgotten(string name, long address, long byteCount) => WriteTriple(ForgottenId, name, address, byteCount);

    /// <summary>Native code has misused an allocator, or the allocator has failed it.</summary>
    [Event(CallbackFailedId, Level = EventLevel.Error, Message = "A callback over {0} failed: {1}")]
    public void CallbackFailed(string name, string text) => WriteEvent(CallbackFailedId, name, text);

    [NonEvent]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "A text and two numbers: no object graph.")]
    private unsafe void WriteTriple(int id, string name, long first, long second)
    {
        fixed (char* text = name)
        {
            EventData* data = stackalloc EventData[3];
            data[0] = new EventData { DataPointer = (nint)text, Size = (name.Length + 1) * sizeof(char) };
            data[1] = new EventData { DataPointer = (nint)(&first), Size = sizeof(long) };
            data[2] = new EventData { DataPointer = (nint)(&second), Size = sizeof(long) };
            WriteEventCore(id, 3, data);
        }
    }
}
