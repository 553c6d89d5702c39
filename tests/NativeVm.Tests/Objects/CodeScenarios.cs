using NativeVm.Tests.Support;

namespace NativeVm.Tests.Objects;

/// <summary>What must not be done with the views of generated code. Each runs in a child process.</summary>
internal static unsafe class CodeScenarios
{
    public static void ExecuteWritableView(string[] arguments)
    {
        DualMapping mapping = new(new DualMappingOptions { ByteCount = 4096 });
        Assert.True(mapping.TryEmit(CodeSamples.ReturnNumber(42), 16, out nuint address));
        Assert.Equal(42, ((delegate* unmanaged<int>)address)());
        Announce();
        _ = ((delegate* unmanaged<int>)mapping.WritableAddress)();
    }

    public static void WriteExecutableCode(string[] arguments)
    {
        DualMapping mapping = new(new DualMappingOptions { ByteCount = 4096 });
        Assert.True(mapping.TryEmit(CodeSamples.ReturnNumber(42), 16, out nuint address));
        Announce();
        Volatile.Write(ref *(byte*)address, 1);
    }

    public static void WriteSnapshot(string[] arguments)
    {
        VmSnapshotRange range = new(new VmSnapshotOptions { ByteCount = 4096 });
        VmSnapshot snapshot = range.Take();
        range.GetSpan(0, 4096).Fill(1);
        Assert.Equal(0, snapshot.GetSpan(0, 1)[0]);
        Announce();
        Volatile.Write(ref *(byte*)snapshot.Address, 1);
    }

    private static void Announce()
    {
        Console.Out.WriteLine(ChildScenarios.ReachedFault);
        Console.Out.Flush();
    }
}
