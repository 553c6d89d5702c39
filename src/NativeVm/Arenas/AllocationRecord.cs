namespace NativeVm.Arenas;

/// <summary>What an arena with checks keeps of an allocation, apart from it, where no overrun reaches.</summary>
internal readonly record struct AllocationRecord(nuint Address, nuint ByteCount, nuint RedZoneByteCount);
