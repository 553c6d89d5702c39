using NativeVm.Platform;
using NativeVm.Tool.Limits;

namespace NativeVm.Tests.Tool.Limits;

public sealed class LimitsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("nativevm").FullName;

    [Fact]
    public void What_the_files_tell_is_read()
    {
        Write("proc/meminfo", "MemTotal:       24000000 kB\nMemAvailable:   1024 kB\nHugePages_Total:       8\n");
        Write("proc/self/limits", "Limit    Soft Limit   Hard Limit   Units\nMax locked memory         8388608     unlimited   bytes\nMax address space         unlimited   unlimited   bytes\n");
        Write(SystemPaths.HugePages, "always [madvise] never\n");
        SystemFiles files = new(_root);
        Assert.Equal(24_000_000UL * 1024, files.MemoryInfo("MemTotal"));
        Assert.Equal(8UL, files.MemoryInfo("HugePages_Total"));
        Assert.Null(files.MemoryInfo("Mem"));
        Assert.Equal("madvise", files.Choice(SystemPaths.HugePages));
        Assert.Equal(8388608UL, files.ProcessLimit(SystemPaths.LockedMemory, out bool isUnlimited));
        Assert.False(isUnlimited);
        Assert.Null(files.ProcessLimit(SystemPaths.AddressSpace, out isUnlimited));
        Assert.True(isUnlimited);
        Assert.Null(files.Number(SystemPaths.Overcommit));
    }

    [Fact]
    public void Without_any_file_the_platform_alone_is_told_and_nothing_harms()
    {
        IReadOnlyList<LimitRow> rows = new LimitsReader(VmPlatform.Current, new SystemFiles(_root)).Read();
        Assert.Contains(rows, row => row is { Name: "page", Value: "4 KiB" or "16 KiB" or "64 KiB" });
        Assert.DoesNotContain(rows, row => row.Name == "overcommit");
    }

    [Theory]
    [InlineData(SystemPaths.HugePages, "always madvise [never]", "Huge pages are off")]
    [InlineData(SystemPaths.HugePages, "[always] madvise never", "Huge pages come unasked")]
    [InlineData(SystemPaths.HugePageDefrag, "[always] defer never", "A fault waits")]
    [InlineData(SystemPaths.Overcommit, "1", "promises any amount")]
    [InlineData(SystemPaths.Overcommit, "2", "counts as used")]
    [InlineData(SystemPaths.MappingCap, "1000", "mappings are used")]
    [InlineData("proc/self/limits", "Max address space   1073741824   unlimited   bytes", "large reservations are refused")]
    [InlineData("proc/self/limits", "Max locked memory   65536   65536   bytes", "Only 64 KiB can be wired")]
    public void A_setting_that_harms_is_named_with_its_remedy(string path, string text, string expected)
    {
        int before = new LimitsAdvice(VmPlatform.Current, new SystemFiles(_root)).Read().Count;
        Write(path, text);
        IReadOnlyList<string> advice = new LimitsAdvice(VmPlatform.Current, new SystemFiles(_root)).Read();
        Assert.Equal(before + 1, advice.Count);
        Assert.Contains(advice, line => line.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_probe_leaves_the_pages_as_it_found_them()
    {
        VmPlatform platform = VmPlatform.Current;
        using CallProbes probes = new(platform);
        foreach (int _ in Enumerable.Range(0, 2))
        {
            foreach (CallProbe probe in probes.All())
            {
                Assert.True(probe.Measure(TimeSpan.Zero, CancellationToken.None) > 0, probe.Name);
            }
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Write(string path, string text)
    {
        string file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
