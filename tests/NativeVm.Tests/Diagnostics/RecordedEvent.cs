namespace NativeVm.Tests.Diagnostics;

/// <summary>An event that a <see cref="RecordingListener"/> has seen.</summary>
internal sealed record RecordedEvent(string Name, IReadOnlyList<object?> Payload);
