namespace NativeVm.Tool.Reports.Html.Model;

/// <summary>One address space through time.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Rectangles">
/// What it held and when, in six numbers each, or seven with labels: start, length, kind
/// (<see cref="Drawing.CellKind"/>), share used of 15, first and last moment, label.
/// </param>
internal sealed record SpaceLane(string Name, IReadOnlyList<ulong> Rectangles);
