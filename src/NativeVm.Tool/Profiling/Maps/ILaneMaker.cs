namespace NativeVm.Tool.Profiling.Maps;

/// <summary>Makes a workload's lane over any kind of map.</summary>
internal interface ILaneMaker
{
    /// <summary>Makes the lane; it owns the map.</summary>
    /// <typeparam name="TMap">The kind of map.</typeparam>
    /// <param name="map">The map, empty.</param>
    /// <param name="live">Entries that it is to have.</param>
    Lane Make<TMap>(TMap map, int live)
        where TMap : struct, ISpaceMap;
}
