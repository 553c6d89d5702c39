using System.Diagnostics;

namespace NativeVm;

/// <summary>What a debugger shows of a pool: the first live blocks.</summary>
internal sealed class BlockPoolDebugView(BlockPool pool)
{
    private const int MostBlocks = 1000;

    /// <summary>The figures.</summary>
    public BlockPoolStatistics Statistics => pool.GetStatistics();

    /// <summary>The handles of the first thousand live blocks.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.RootHidden)]
    public BlockHandle[] Live
    {
        get
        {
            List<BlockHandle> live = [];
            BlockPool.Enumerator blocks = pool.GetEnumerator();
            while (live.Count < MostBlocks && blocks.MoveNext())
            {
                live.Add(blocks.Current);
            }

            return [.. live];
        }
    }
}
