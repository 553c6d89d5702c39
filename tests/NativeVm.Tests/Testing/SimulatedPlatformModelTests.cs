using NativeVm.Testing;

namespace NativeVm.Tests.Testing;

/// <summary>
/// Random calls, lawful and not, on the simulated platform and on an array of pages: the same answers, always.
/// </summary>
public sealed class SimulatedPlatformModelTests
{
    private const int PageCount = 160;
    private const nuint PageSize = PlatformComparison.PageSize;

    [Theory]
    [InlineData(1, 0, true, PlacementStrategy.BottomUp)]
    [InlineData(2, 0, true, PlacementStrategy.TopDown)]
    [InlineData(3, 24, true, PlacementStrategy.BottomUp)]
    [InlineData(4, 0, false, PlacementStrategy.BottomUp)]
    [InlineData(5, 24, false, PlacementStrategy.TopDown)]
    public void Random_calls_agree_with_an_array_of_pages(
        int seed, int mappingLimit, bool isPosix, PlacementStrategy strategy)
    {
        const int Steps = 25_000;
        SimulatedPlatformOptions profile = isPosix
            ? SimulatedPlatformOptions.PosixLike
            : SimulatedPlatformOptions.WindowsLike with { AllocationGranularity = 4 * PageSize };
        SimulatedPlatform platform = new(profile with
        {
            LowestAddress = 0,
            HighestAddress = PageCount * PageSize,
            MappingLimit = (nuint)mappingLimit,
            Strategy = strategy,
        });
        PageArrayModel model = new(PageCount, mappingLimit, isPosix);
        PlatformComparison comparison = new(seed, platform, model, isPosix);
        for (int step = 0; step < Steps; step++)
        {
            comparison.Step();
        }

        Assert.True(comparison.Succeeded > Steps / 10, $"Only {comparison.Succeeded} calls succeeded.");
        Assert.True(comparison.Unlawful > Steps / 100, $"Only {comparison.Unlawful} calls were unlawful.");
        Assert.Equal(mappingLimit != 0, comparison.Limited > 0);
    }
}
