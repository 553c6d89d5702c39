namespace NativeVm.Tool.Profiling.Hosts;

/// <summary>A lane in another process cannot go on; the lanes beside it can.</summary>
/// <param name="message">Why, in one line.</param>
/// <param name="innerException">What reported it.</param>
internal sealed class LaneLostException(string message, Exception? innerException = null)
    : Exception(message, innerException);
