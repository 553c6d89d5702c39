using NativeVm.Arenas;

namespace NativeVm.Memory;

/// <summary>
/// One range of address space, reserved whole, whose beginning is committed as far as it is needed: what grows in it
/// never moves.
/// </summary>
/// <remarks>
/// <para>
/// Pages are committed at the edge, each time as many as there are already, between 64 KiB and 64 MiB, so that the
/// system is asked O(log n) times at first and every 64 MiB then.
/// </para>
/// <para>
/// What is handed out as <see cref="Memory{T}"/> belongs to parts: a part begins every GiB and is almost 2 GiB long, so
/// that every stretch of up to 1 GiB lies whole in the part that its first byte is in. The range lives until its owner
/// and all its parts have let go.
/// </para>
/// </remarks>
internal sealed class GrowingRange : ILeaseHolder
{
    private const nuint LeastStep = 64 << 10;
    private const nuint MostStep = 64 << 20;
    private const int PartShift = 30;
    private const int PartLength = int.MaxValue & ~0xFFFF;

    private readonly VmMap _map;
    private readonly bool _ownsMap;
    private readonly MapLease _lease;
    private VmMemoryManager<byte>?[] _parts = [];
    private int _references = 1;

    /// <param name="backing">The map to find the range in, or the makings of one of its own.</param>
    /// <param name="byteCount">How much to reserve.</param>
    /// <param name="name">What a map of its own is called.</param>
    public GrowingRange(in RangeBacking backing, nuint byteCount, string name)
    {
        _ownsMap = backing.Map is null;
        _map = backing.Map ?? new VmMap(new VmMapOptions
        {
            ByteCount = byteCount,
            Platform = backing.Platform,
            MetadataPlatform = backing.MetadataPlatform,
            Name = name,
        });
        Name = name;
        try
        {
            VmEntryAttributes reserved = VmEntryAttributes.Reserved with { Tag = _map.NextLeaseTag() };
            nuint mask = _map.PageSize - 1;
            Capacity = checked(byteCount + mask) & ~mask;
            _map.Find(Capacity, reserved, out nuint address).ThrowIfFailed();
            Address = address;
            _lease = new MapLease(_map, address, Capacity);
            _lease.Attach(this, addsPressure: false);
        }
        catch
        {
            if (_ownsMap)
            {
                _map.Dispose();
            }

            throw;
        }
    }

    public string Name { get; }

    /// <summary>The first byte.</summary>
    public nuint Address { get; }

    /// <summary>Bytes that it can hold.</summary>
    public nuint Capacity { get; }

    /// <summary>Bytes from the start on that can be read and written.</summary>
    public nuint CommittedByteCount { get; private set; }

    public nuint PageSize => _map.PageSize;

    /// <summary>Whether a pin or a stream holds one of its parts.</summary>
    public bool IsPinned => Array.Exists(_parts, static part => part is { PinCount: > 0 });

    /// <summary>Commits at least the first <paramref name="byteCount"/> bytes.</summary>
    /// <returns>
    /// Success; <see cref="VmResult.NoSpace"/> when it cannot hold them; <see cref="VmResult.ResourceShortage"/> when the
    /// system refuses. Then nothing has changed.
    /// </returns>
    public VmResult Ensure(nuint byteCount)
    {
        if (byteCount <= CommittedByteCount)
        {
            return VmResult.Success;
        }

        if (byteCount > Capacity)
        {
            return VmResult.NoSpace;
        }

        nuint step = Math.Clamp(CommittedByteCount, LeastStep, MostStep);
        nuint mask = Math.Max(PageSize, LeastStep) - 1;
        nuint generous = Math.Min(Capacity, ((byteCount - 1) | mask) + 1);
        generous = Math.Max(generous, Math.Min(Capacity, CommittedByteCount + step));
        VmResult result = CommitTo(generous);
        nuint needed = ((byteCount - 1) | (PageSize - 1)) + 1;
        return result.IsSuccess || needed == generous ? result : CommitTo(needed);
    }

    /// <summary>Gives back the pages beyond the first <paramref name="byteCount"/> bytes.</summary>
    public VmResult Trim(nuint byteCount)
    {
        nuint kept = byteCount == 0 ? 0 : ((byteCount - 1) | (PageSize - 1)) + 1;
        if (kept >= CommittedByteCount)
        {
            return VmResult.Success;
        }

        VmResult result = _map.Decommit(Address + kept, CommittedByteCount - kept);
        CommittedByteCount = result.IsSuccess ? kept : CommittedByteCount;
        return result;
    }

    /// <summary>The memory from an offset on, at least 1 GiB of it if there is as much; not all need be committed.</summary>
    public Memory<byte> MemoryFrom(nuint offset)
    {
        int index = (int)(offset >> PartShift);
        return Part(index).Memory[(int)(offset & ((1u << PartShift) - 1))..];
    }

    /// <summary>The owner lets go; its parts can no longer be reached, and go when nobody holds them.</summary>
    public void Dispose()
    {
        foreach (VmMemoryManager<byte>? part in _parts)
        {
            part?.Dispose();
        }

        Release();
    }

    /// <summary>One that held the range lets go.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            _lease.End();
            if (_ownsMap)
            {
                _map.Dispose();
            }
        }
    }

    private VmResult CommitTo(nuint end)
    {
        VmResult result = _map.Commit(Address + CommittedByteCount, end - CommittedByteCount, Platform.PageProtection.ReadWrite);
        CommittedByteCount = result.IsSuccess ? end : CommittedByteCount;
        return result;
    }

    private VmMemoryManager<byte> Part(int index)
    {
        if (index >= _parts.Length)
        {
            Array.Resize(ref _parts, index + 1);
        }

        if (_parts[index] is { } part)
        {
            return part;
        }

        nuint start = (nuint)index << PartShift;
        nuint byteCount = Math.Min(Capacity - start, PartLength);
        part = new VmMemoryManager<byte>(new PartLease(this, Address + start, byteCount), (int)byteCount);
        Interlocked.Increment(ref _references);
        return _parts[index] = part;
    }
}
