using NativeVm.Pools;

namespace NativeVm.Tests.Pools;

public sealed class ExactDivisionTests
{
    [Fact]
    public void Exact_division_agrees_with_division()
    {
        Random random = new(3);
        foreach (ulong divisor in (ulong[])[1, 2, 3, 7, 8, 24, 40, 64, 1000, 4096, 5000, 12_288, (1UL << 31) - 1, 1UL << 40])
        {
            ExactDivision division = new(divisor);
            for (int i = 0; i < 2000; i++)
            {
                ulong quotient = (ulong)random.NextInt64(1L << 20);
                Assert.Equal(quotient, division.Divide(quotient * divisor));
                ulong number = (ulong)random.NextInt64() * 2;
                ulong result = division.Divide(number);
                Assert.True(number % divisor == 0 ? result == number / divisor : result > ulong.MaxValue / divisor, $"{number} / {divisor}");
            }
        }
    }
}
