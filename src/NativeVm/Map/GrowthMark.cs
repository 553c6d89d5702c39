namespace NativeVm;

/// <summary>How far a map had grown when an attempt began, so that the attempt can be undone without a trace.</summary>
/// <param name="ReservedEndPage">The first page that was not reserved.</param>
/// <param name="SegmentCount">How many reservations there were.</param>
internal readonly record struct GrowthMark(ulong ReservedEndPage, int SegmentCount);
