namespace NativeVm.Tool.Profiling.Maps;

/// <summary>The makers of the lanes of workloads over randomly filled maps.</summary>
internal static class LaneMakers
{
    /// <summary>Replaces random entries.</summary>
    public static ILaneMaker Churn { get; } = new ChurnMaker(0, isTimedSingly: false);

    /// <summary>Replaces random entries, with a fifth of the requests aligned.</summary>
    public static ILaneMaker Aligned { get; } = new ChurnMaker(5, isTimedSingly: false);

    /// <summary>Replaces random entries, each replacement timed alone.</summary>
    public static ILaneMaker Tail { get; } = new ChurnMaker(0, isTimedSingly: true);

    /// <summary>Searches from random pages.</summary>
    public static ILaneMaker Hinted { get; } = new HintedMaker();

    /// <summary>Looks random pages up.</summary>
    public static ILaneMaker Lookup { get; } = new LookupMaker();

    private sealed class ChurnMaker(ulong alignedShare, bool isTimedSingly) : ILaneMaker
    {
        public Lane Make<TMap>(TMap map, int live)
            where TMap : struct, ISpaceMap => new MapChurnLane<TMap>(map, live, alignedShare, isTimedSingly);
    }

    private sealed class HintedMaker : ILaneMaker
    {
        public Lane Make<TMap>(TMap map, int live)
            where TMap : struct, ISpaceMap => new MapHintedLane<TMap>(map, live);
    }

    private sealed class LookupMaker : ILaneMaker
    {
        public Lane Make<TMap>(TMap map, int live)
            where TMap : struct, ISpaceMap => new MapLookupLane<TMap>(map, live);
    }
}
