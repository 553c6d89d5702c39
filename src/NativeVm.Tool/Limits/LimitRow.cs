namespace NativeVm.Tool.Limits;

/// <summary>One thing that the machine allows or has.</summary>
/// <param name="Section">Under which heading it stands.</param>
/// <param name="Name">What it is.</param>
/// <param name="Value">How much or which, for people.</param>
/// <param name="Source">Where it is set or asked for: a file, a command, a call; empty where nothing sets it.</param>
internal sealed record LimitRow(string Section, string Name, string Value, string Source);
