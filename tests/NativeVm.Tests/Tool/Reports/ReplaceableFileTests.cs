using NativeVm.Tool.Commands;
using NativeVm.Tool.Reports;

namespace NativeVm.Tests.Tool.Reports;

public sealed class ReplaceableFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nativevm").FullName;

    [Fact]
    public void A_file_takes_its_place_when_it_is_complete()
    {
        string path = Path.Combine(_folder, "a.json");
        File.WriteAllText(path, "old");
        using (ReplaceableFile file = ReplaceableFile.Create(path))
        {
            Assert.Equal("old", File.ReadAllText(path));
            file.Commit(stream => stream.Write("new"u8));
        }

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal(path, Assert.Single(Directory.GetFiles(_folder)));
    }

    [Fact]
    public void A_file_that_is_not_completed_leaves_no_trace()
    {
        string path = Path.Combine(_folder, "a.json");
        File.WriteAllText(path, "old");
        using (ReplaceableFile file = ReplaceableFile.Create(path))
        {
            Assert.Throws<ToolException>(() => file.Commit(stream =>
            {
                stream.Write("half"u8);
                throw new IOException("disk full");
            }));
        }

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(path, Assert.Single(Directory.GetFiles(_folder)));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_known_at_once()
    {
        Assert.Equal(ExitCode.BadInput, Assert.Throws<ToolException>(() => ReplaceableFile.Create(_folder)).ExitCode);
        string missing = Path.Combine(_folder, "missing", "a.json");
        Assert.Equal(ExitCode.Failure, Assert.Throws<ToolException>(() => ReplaceableFile.Create(missing)).ExitCode);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
