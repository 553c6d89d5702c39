using NativeVm.Index.Tree;
using NativeVm.Platform;

namespace NativeVm.Index;

/// <summary>Chooses the index behind a map; the one place that names its type.</summary>
internal static class EntryIndexFactory
{
    public static IEntryIndex Create(VmPlatform metadataPlatform, ulong firstPage, ulong endPage) =>
        new BPlusTreeIndex(metadataPlatform, firstPage, endPage);
}
