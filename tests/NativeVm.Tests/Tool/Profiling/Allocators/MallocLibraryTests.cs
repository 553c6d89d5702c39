using NativeVm.Tests.Support;
using NativeVm.Tool.Commands;
using NativeVm.Tool.Profiling;
using NativeVm.Tool.Profiling.Allocators.Libraries;

namespace NativeVm.Tests.Tool.Profiling.Allocators;

public class MallocLibraryTests
{
    [Theory]
    [InlineData("mimalloc", "mimalloc", false)]
    [InlineData("mine=FILE", "mine", true)]
    [InlineData("FILE", "alloc", true)]
    public void A_library_has_a_name_and_perhaps_a_file(string text, string name, bool hasPath)
    {
        string folder = Directory.CreateTempSubdirectory("nativevm").FullName;
        try
        {
            string file = Path.Combine(folder, "liballoc.so.2.1");
            File.WriteAllText(file, "text");
            LibraryName library = LibraryName.Parse(text.Replace("FILE", file, StringComparison.Ordinal));
            Assert.Equal((name, hasPath ? file : null), (library.Name, library.Path));
            Assert.NotEmpty(library.Candidates());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("x=")]
    [InlineData("=x")]
    [InlineData("x=./missing.so")]
    [InlineData("./missing.so")]
    public void A_file_that_is_not_there_is_bad_input(string text) =>
        Assert.Equal(ExitCode.BadInput, Assert.Throws<ToolException>(() => LibraryName.Parse(text)).ExitCode);

    [CapabilityFact(Needs.Linux)]
    public void A_library_without_malloc_is_refused_though_the_one_it_needs_has_it()
    {
        ToolException e = Assert.Throws<ToolException>(() => MallocLibrary.Load(new LibraryName("m", "libm.so.6")));
        Assert.Contains("lacks malloc", e.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, e.ExitCode);
    }

    [CapabilityFact(Needs.Linux)]
    public void The_functions_of_a_library_allocate_resize_and_free()
    {
        using LibraryAllocator heap = new(MallocLibrary.Load(new LibraryName("libc", "libc.so.6")));
        nuint block = heap.Allocate(100);
        heap.FirstByte(block) = 42;
        block = heap.Resize(block, 100, 100_000);
        Assert.Equal(42, heap.FirstByte(block));
        heap.Free(block, 100_000);
        nuint aligned = heap.AllocateAligned(100, 4096);
        Assert.Equal(0u, aligned % 4096);
        heap.FreeAligned(aligned, 100);
    }

    [Fact]
    public void What_is_no_library_is_refused_in_a_line()
    {
        string file = Path.GetTempFileName();
        try
        {
            ToolException e = Assert.Throws<ToolException>(() => MallocLibrary.Load(new LibraryName("x", file)));
            Assert.DoesNotContain('\n', e.Message);
            Assert.Equal(ExitCode.BadInput, e.ExitCode);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void The_reason_is_the_line_that_tells_one()
    {
        const string Message = """
            Unable to load shared library 'libx.so' or one of its dependencies. In order to help diagnose loading problems, ...
            /a/libx.so: cannot open shared object file: No such file or directory
            libx.so: cannot allocate memory in static TLS block
            """;
        Assert.Equal("libx.so: cannot allocate memory in static TLS block", LibraryErrors.FirstReason(Message));
        Assert.True(LibraryErrors.IsMissing("x: No such file or directory"));
    }

    [Fact]
    public void Known_names_are_no_libraries_and_others_are_refused_with_a_list()
    {
        ProfileSettings settings = new() { Duration = TimeSpan.FromSeconds(1), Allocators = ["nativememory", "VmMap"] };
        Assert.Empty(LibraryChoice.Resolve(["block-pair"], settings).Libraries);
        ToolException e = Assert.Throws<ToolException>(() =>
            LibraryChoice.Resolve(["block-pair"], settings with { Allocators = ["frob"] }));
        Assert.Contains("NativeMemory", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }
}
