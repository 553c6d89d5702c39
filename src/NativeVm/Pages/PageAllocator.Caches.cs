using System.Runtime.CompilerServices;
using NativeVm.Pages;

namespace NativeVm;

public sealed unsafe partial class PageAllocator
{
    // The cache that this thread used last, and all that it has, of whichever allocators.
    [ThreadStatic]
    private static PageCache? CurrentCache;

    [ThreadStatic]
    private static List<PageCacheHolder>? CurrentHolders;

    // Guards the list of caches, whose owners come and go, and the step into disposal.
    private readonly Lock _registering = new();
    private readonly List<PageCache> _caches = [];
    private int _nextShard;
    private bool _isDisposed;

    /// <summary>Takes over what a thread that has ended had in its cache. Called by the finalizer.</summary>
    internal void Adopt(PageCache cache)
    {
        if (!cache.TryEnter())
        {
            // Somebody is emptying it, or the allocator is disposed of; it is looked after.
            lock (_registering)
            {
                cache.IsOrphaned = true;
            }

            return;
        }

        Empty(cache);
        cache.Exit();
        lock (_registering)
        {
            cache.IsOrphaned = true;
        }
    }

    /// <summary>Begins an operation: this thread's cache, busy. To be ended with <see cref="PageCache.Exit"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private PageCache Enter()
    {
        PageCache cache = GetCache();
        SpinWait spin = default;
        while (!cache.TryEnter())
        {
            ObjectDisposedException.ThrowIf(cache.IsClosed, this);
            spin.SpinOnce();
        }

        return cache;
    }

    private PageCache GetCache()
    {
        PageCache? current = CurrentCache;
        if (current is not null && current.Serial == _serial)
        {
            return current;
        }

        List<PageCacheHolder> holders = CurrentHolders ??= [];
        foreach (PageCacheHolder holder in holders)
        {
            if (holder.Cache.Serial == _serial)
            {
                return CurrentCache = holder.Cache;
            }
        }

        PageCache cache = Register();
        holders.RemoveAll(static holder => holder.Cache.IsClosed);
        holders.Add(new PageCacheHolder(_self, cache));
        return CurrentCache = cache;
    }

    private PageCache Register()
    {
        lock (_registering)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            foreach (PageCache orphan in _caches)
            {
                if (orphan.IsOrphaned)
                {
                    orphan.IsOrphaned = false;
                    return orphan;
                }
            }

            PageCache cache = new(_serial, _caches.Count, _cacheCapacity, _nextShard);
            _nextShard = (_nextShard + 1) % _shards.Length;
            _caches.Add(cache);
            return cache;
        }
    }

    /// <summary>Returns all that is in a cache. For who is inside.</summary>
    private void Empty(PageCache cache)
    {
        uint* ends = stackalloc uint[MostShards * 2];
        new Span<uint>(ends, MostShards * 2).Clear();
        PageChains chains = new(ends, ends + MostShards, _source.Table.Shift);
        cache.DropFront(_runs, chains);
        cache.DropSmall(_runs, chains, all: true);
        cache.DropLarge(_runs, chains, all: true);
        Return(chains, cache.ShardIndex);
    }

    /// <summary>Empties the caches of all threads, or of those that have not been in use since the last time.</summary>
    /// <remarks>Under the lock for trimming, by a thread that is in no operation.</remarks>
    private void EmptyCaches(bool idleOnly)
    {
        PageCache[] caches;
        lock (_registering)
        {
            caches = _caches.FindAll(cache => cache.PageCount != 0 && !(cache.TakeIsUsed() && idleOnly)).ToArray();
        }

        if (caches.Length == 0)
        {
            return;
        }

        foreach (PageCache cache in caches)
        {
            cache.Ask(forGood: false);
        }

        Interlocked.MemoryBarrierProcessWide();
        foreach (PageCache cache in caches)
        {
            cache.WaitForOwner();
            Empty(cache);
            cache.Release();
        }
    }
}
