namespace NativeVm.Testing;

/// <summary>Advice that splits mappings but is lost on decommit, so that it is no <c>RangeTraits</c>.</summary>
[Flags]
internal enum AccessHints : byte
{
    None = 0,
    Sequential = 1,
    Random = 2,
    NoHugePages = 4,
}
