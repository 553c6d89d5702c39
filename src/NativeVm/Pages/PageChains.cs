namespace NativeVm.Pages;

/// <summary>Runs on their way back, sorted by the shard that they belong to.</summary>
/// <param name="heads">Zeroed, one for each shard.</param>
/// <param name="tails">The same.</param>
/// <param name="shift">A run's number without so many of its lowest bits is its shard.</param>
internal readonly unsafe struct PageChains(uint* heads, uint* tails, int shift)
{
    public void Add(PageRun* runs, uint id)
    {
        uint shard = id >> shift;
        runs[id].Next = heads[shard];
        tails[shard] = heads[shard] == 0 ? id : tails[shard];
        heads[shard] = id;
    }

    public uint Head(int shard) => heads[shard];

    public uint Tail(int shard) => tails[shard];
}
