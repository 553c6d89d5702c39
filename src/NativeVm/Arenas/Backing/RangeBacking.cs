using NativeVm.Platform;

namespace NativeVm.Arenas;

/// <summary>Where a range comes from: a map that is given, or a platform for a map of its own.</summary>
internal readonly record struct RangeBacking(VmMap? Map, VmPlatform? Platform, VmPlatform? MetadataPlatform);
