using NativeVm.Platform;

namespace NativeVm.Tool.Replay;

/// <summary>The process's memory at one moment of a replay.</summary>
/// <param name="StepCount">Steps done.</param>
/// <param name="Memory">What the system says of the process.</param>
internal readonly record struct ReplaySample(int StepCount, ProcessMemory Memory);
