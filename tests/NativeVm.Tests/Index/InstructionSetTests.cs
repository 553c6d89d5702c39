using System.Globalization;
using System.Runtime.Intrinsics;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Index;

/// <summary>The same random operations with instruction sets switched off, each in a process of its own.</summary>
public sealed class InstructionSetTests
{
    [Theory]
    [InlineData("EnableAVX512F", 256)]
    [InlineData("EnableAVX512", 256)]
    [InlineData("EnableAVX2", 128)]
    [InlineData("EnableHWIntrinsic", 0)]
    public void Every_vector_path_equals_the_model(string off, int widest)
    {
        KeyValuePair<string, string>[] environment = [new($"DOTNET_{off}", "0")];
        ChildResult result = ChildProcess.Run(
            new ChildLimits(),
            environment,
            nameof(RunRandomOperations),
            widest.ToString(CultureInfo.InvariantCulture));
        Assert.True(result.ExitCode == 0, result.Error);
    }

    internal static void RunRandomOperations(string[] arguments)
    {
        // What is switched off is off, whatever this processor has (older and newer runtimes name AVX-512 differently).
        int widest = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        Assert.True(widest >= 128 || !Vector128.IsHardwareAccelerated);
        Assert.True(widest >= 256 || !Vector256.IsHardwareAccelerated);
        RandomOperations.Run(0, 1 << 20, most: 2500, detailPeriod: 7, steps: 20_000, seed: 11);
        RandomOperations.Run(0, 1UL << 52, most: 600, detailPeriod: 0, steps: 8_000, seed: 12);
        NodeKernelTests kernels = new();
        kernels.Searches_in_nodes_are_equal_in_every_width();
        kernels.Elements_move_equally_in_every_width();
        kernels.Figures_are_equal_in_every_width();
    }
}
