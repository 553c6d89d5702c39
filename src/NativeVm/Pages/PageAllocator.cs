using System.Diagnostics;
using NativeVm.Diagnostics;
using NativeVm.Pages;
using NativeVm.Platform;

namespace NativeVm;

/// <summary>Runs of pages from a map, of any length and at any alignment, for any number of threads.</summary>
/// <remarks>
/// <para>
/// What the system does for a run of pages costs microseconds, and a first touch of a page that it has just given
/// costs more than all the rest. So a freed run stays what it is, committed and resident, and is used again without a
/// system call; memory goes back later, when it has become old or too much, in few and large calls.
/// </para>
/// <para>
/// <b>Three levels.</b> A thread has a cache of runs that it freed, by exact length; a hit costs no lock and no
/// interlocked instruction. Behind the caches are shards, one for each processor, each with its
/// own lock; a thread allocates from one of them, and whoever frees a run returns it to the shard that it came from,
/// through a list without a lock if that is not his own. Behind the shards is the map, which is asked for pages in
/// steps that grow with the shard.
/// </para>
/// <para>
/// <b>A shard</b> keeps its free runs in lists by length. A request takes of the shortest run that fits exactly as many
/// pages as it needs, and the rest stays free; a run that comes back joins its free neighbours at once. A number
/// for the first and the last page of each run, in a table apart from the pages, finds runs and neighbours without
/// a search. Nothing is rounded up to a class of sizes, so what is lost is what lies between runs in use: best fit
/// keeps that small, whatever the mixture of lengths, where classes would lose a share of every run.
/// The obvious alternative, the map's own index, costs a search and a record for every run, some 200 nanoseconds
/// under one lock; and it forgets which pages are resident.
/// </para>
/// <para>
/// <b>Zeros.</b> A bit for each page says whether it may hold something. It is set when a run comes back and cleared
/// when the page has been given back to the system; so runs are joined whether they are zero or not, what is
/// retained is counted by the page, and a run that has to be zero is cleared only where it is not.
/// </para>
/// <para>
/// <b>Giving back.</b> The longest free runs go first, each in one call over all of it; very long ones leave the
/// map altogether. On Linux a purge leaves pages committed, which needs no further mapping and no call when they are
/// used again. Where a purge does not clear (Windows), pages are decommitted, and committed when they are used.
/// A refusal of the system leaves memory where it is, retained.
/// </para>
/// <para>
/// <b>Misuse.</b> An address that is not the start of a run in use is recognized, always, and nothing changes. Of threads that
/// free the same run one succeeds, and the others are told; only when two do so at the very same moment, and one of
/// them is the thread that allocated it, may both succeed: to exclude that, every free would have to wait until the
/// run's last bytes are written.
/// </para>
/// <para>
/// All members are thread-safe. None allocates on the managed heap, but for a thread's first call and for refusals.
/// The map's lock is taken for growth and when memory is given back: do not call the allocator while holding it.
/// </para>
/// </remarks>
[DebuggerDisplay("{DebuggerText,nq}")]
public sealed unsafe partial class PageAllocator : IDisposable
{
    private const int MostShards = 64;
    private const ulong InitialByteCount = 64 << 20;
    private const ulong LeastShardedByteCount = 1 << 30;
    private const ulong TagBase = 0x5061_6765_0000_0000;

    private static long LastSerial;

    // What the paths without a lock need comes first, copied from where it belongs.
    private readonly long _serial;
    private readonly PageRun* _runs;
    private readonly nuint _base;
    private readonly nuint _pageMask;
    private readonly int _pageShift;
    private readonly PageMap _pages;

    private readonly PageSource _source;
    private readonly PageShard[] _shards;
    private readonly ulong _highMark;
    private readonly ulong _lowMark;
    private readonly uint _age;
    private readonly uint _cacheCapacity;
    private readonly PageTrimmer? _trimmer;
    private readonly WeakReference<PageAllocator> _self;

    /// <summary>Makes an allocator.</summary>
    /// <param name="options">Where the pages come from, and how much is kept.</param>
    /// <exception cref="ArgumentNullException">There are no options.</exception>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="SystemRefusedException">The system refused the reservation of the map or of the records.</exception>
    /// <exception cref="InsufficientMemoryException">There is no memory for the first records.</exception>
    public PageAllocator(PageAllocatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Validate(options);
        Name = options.Name;
        _serial = Interlocked.Increment(ref LastSerial);
        _self = new WeakReference<PageAllocator>(this);
        bool ownsMap = options.Map is null;
        VmMap map = options.Map ?? new VmMap(new VmMapOptions
        {
            ByteCount = (nuint)InitialByteCount,
            IsGrowable = true,
            Platform = options.Platform,
            MetadataPlatform = options.MetadataPlatform,
            Name = options.Name,
        });
        int shardCount = map.MaxAddress - map.MinAddress < LeastShardedByteCount
            ? 1
            : Math.Min(Environment.ProcessorCount, MostShards);
        PageSource? source = null;
        try
        {
            source = new PageSource(map, ownsMap, options, TagBase + (ulong)_serial, shardCount);
            _shards = new PageShard[shardCount];
            for (int i = 0; i < shardCount; i++)
            {
                _shards[i] = new PageShard(source, i);
            }
        }
        catch
        {
            source?.Dispose();
            if (source is null && ownsMap)
            {
                map.Dispose();
            }

            throw;
        }

        _source = source;
        _runs = source.Table.Runs;
        _pages = source.Pages;
        _base = source.Base;
        _pageShift = source.PageShift;
        _pageMask = map.PageSize - 1;
        _highMark = options.RetainHighMark >> _pageShift;
        _lowMark = Math.Min(options.RetainLowMark >> _pageShift, _highMark);
        _age = ToMilliseconds(options.RetainAge);
        _cacheCapacity = (uint)Math.Min(options.CacheByteCount >> _pageShift, _highMark / 4);
        foreach (PageShard shard in _shards)
        {
            shard.CheckMark = _highMark / (ulong)shardCount;
        }

        _trimmer = options.TrimsInBackground && _age != uint.MaxValue
            ? new PageTrimmer(this, TimeSpan.FromMilliseconds(Math.Max(_age / 2, LeastTrimPeriod)))
            : null;
        _ticket = LiveInstances.Add(this);
    }

    /// <summary>What diagnostics call the allocator.</summary>
    public string Name { get; }

    /// <summary>The map that runs come from.</summary>
    public VmMap Map => _source.Map;

    /// <summary>Bytes in a page, a power of two; runs start and end at multiples of it.</summary>
    public nuint PageSize => _pageMask + 1;

    private string DebuggerText => Volatile.Read(ref _isDisposed)
        ? $"{Name}: disposed"
        : $"{Name}: {_source.HeldPageCount << _pageShift:N0} bytes held";

    /// <summary>Gives all pages back, whether they are in use or not, and the map if it is the allocator's own.</summary>
    /// <remarks>
    /// Waits for calls that other threads are in. A second call does nothing; every other use of the allocator
    /// afterwards, by any thread, throws <see cref="ObjectDisposedException"/>. Runs in use are no longer to be touched.
    /// </remarks>
    public void Dispose()
    {
        lock (_trimming)
        {
            lock (_registering)
            {
                if (_isDisposed)
                {
                    return;
                }

                _isDisposed = true;
                LiveInstances.Remove(_ticket);
                foreach (PageCache cache in _caches)
                {
                    cache.Ask(forGood: true);
                }
            }

            Interlocked.MemoryBarrierProcessWide();
            foreach (PageCache cache in _caches)
            {
                cache.WaitForOwner();
            }

            _trimmer?.Dispose();
            _source.Dispose();
        }
    }

    private static void Validate(PageAllocatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.Name);
        if (options.Map is not null && options.Platform is not null)
        {
            throw new ArgumentException("A given map has its own platform; give the map or the platform.", nameof(options));
        }

        if (options.RetainAge < TimeSpan.Zero && options.RetainAge != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentException("An age is not negative, except to say that there is none.", nameof(options));
        }
    }

    private static uint ToMilliseconds(TimeSpan age) => age == Timeout.InfiniteTimeSpan
        ? uint.MaxValue
        : (uint)Math.Min(age.TotalMilliseconds, int.MaxValue);
}
