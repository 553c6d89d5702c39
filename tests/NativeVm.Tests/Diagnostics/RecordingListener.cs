using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace NativeVm.Tests.Diagnostics;

/// <summary>Keeps the events of the library, other tests' included.</summary>
internal sealed class RecordingListener : EventListener
{
    private readonly ConcurrentQueue<RecordedEvent> _events = new();

    public IEnumerable<RecordedEvent> Of(string name) => _events.Where(recorded => recorded.Name == name);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == VmDiagnostics.EventSourceName)
        {
            EnableEvents(eventSource, EventLevel.Verbose);
        }
    }

    // The base constructor already listens, before the field above is there.
    protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
        _events?.Enqueue(new RecordedEvent(eventData.EventName ?? "", [.. eventData.Payload ?? []]));
}
