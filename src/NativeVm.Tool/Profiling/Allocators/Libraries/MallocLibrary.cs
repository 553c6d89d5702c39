using System.Runtime.InteropServices;
using NativeVm.Tool.Commands;

namespace NativeVm.Tool.Profiling.Allocators.Libraries;

/// <summary>
/// The functions of a malloc library that was loaded at run time: its own, whatever the process's <c>malloc</c> is.
/// It stays loaded, because a library with a heap cannot be unloaded safely.
/// </summary>
internal sealed class MallocLibrary
{
    // Where the plain names are taken, as on Windows, libraries export theirs with a prefix.
    private static readonly string[] Prefixes = ["", "mi_", "je_", "tc_", "rp"];
    private static readonly string[] AlignedNames = ["aligned_alloc", "memalign"];

    private MallocLibrary(nint allocate, nint free, nint resize, nint allocateAligned, bool takesAlignmentFirst)
    {
        Allocate = allocate;
        Free = free;
        Resize = resize;
        AllocateAligned = allocateAligned;
        TakesAlignmentFirst = takesAlignmentFirst;
    }

    /// <summary><c>void* malloc(size_t)</c>.</summary>
    public nint Allocate { get; }

    /// <summary><c>void free(void*)</c>.</summary>
    public nint Free { get; }

    /// <summary><c>void* realloc(void*, size_t)</c>; 0 where the library has none.</summary>
    public nint Resize { get; }

    /// <summary><c>void* aligned_alloc(size_t, size_t)</c>; 0 where the library has none.</summary>
    public nint AllocateAligned { get; }

    /// <summary>Whether the alignment is the first argument, as C has it, or the second.</summary>
    public bool TakesAlignmentFirst { get; }

    /// <summary>Loads a library.</summary>
    /// <param name="library">Its name or file.</param>
    /// <exception cref="ToolException">It is not to be found, is no library, or lacks malloc or free.</exception>
    public static MallocLibrary Load(LibraryName library)
    {
        nint handle = Open(library, out string file);
        foreach (string prefix in Prefixes)
        {
            nint allocate = OwnExport(handle, prefix + "malloc");
            nint free = OwnExport(handle, prefix + "free");
            if (allocate == 0 || free == 0)
            {
                continue;
            }

            nint aligned = AlignedNames.Select(name => OwnExport(handle, prefix + name)).FirstOrDefault(pointer => pointer != 0);
            bool isMimalloc = prefix == "mi_";
            return new MallocLibrary(
                allocate,
                free,
                OwnExport(handle, prefix + "realloc"),
                isMimalloc ? OwnExport(handle, "mi_malloc_aligned") : aligned,
                takesAlignmentFirst: !isMimalloc);
        }

        throw ToolException.BadInput($"{file} is no malloc library: it lacks malloc and free of its own.");
    }

    private static nint Open(LibraryName library, out string file)
    {
        string? reason = null;
        foreach (string candidate in library.Candidates())
        {
            file = candidate;
            try
            {
                return NativeLibrary.Load(candidate);
            }
            catch (DllNotFoundException e)
            {
                // A file that is there and does not load tells more than the names that are not there.
                string line = LibraryErrors.FirstReason(e.Message);
                reason = reason is null || !LibraryErrors.IsMissing(line) ? line : reason;
            }
            catch (BadImageFormatException e)
            {
                throw ToolException.BadInput($"{candidate} is no library for this machine.", e);
            }
        }

        file = string.Empty;
        throw ToolException.BadInput(library.Path is null
            ? $"no library of the name {library.Name} loads: {reason}"
            : $"{library.Path} does not load: {LibraryErrors.Without(reason, library.Path)}");
    }

    // The loader also answers with the functions of the libraries that this one needs, the C library among them.
    private static nint OwnExport(nint handle, string name) =>
        NativeLibrary.TryGetExport(handle, name, out nint address) && LibraryOwner.IsOwn(handle, address) ? address : 0;
}
