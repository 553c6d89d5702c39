using NativeVm.Platform;

namespace NativeVm.Testing;

public sealed partial class SimulatedPlatform
{
    /// <summary>
    /// Stands for the access of a program to its memory: the pages become resident, and dirty when they are written.
    /// No system call.
    /// </summary>
    /// <param name="address">The first byte; it need not be page-aligned.</param>
    /// <param name="byteCount">Length in bytes, widened to whole pages; 0 touches nothing.</param>
    /// <param name="access">How: written by default.</param>
    /// <exception cref="UnlawfulUseException">
    /// A real access would fault: part of the range is not committed, or its protection forbids the access.
    /// </exception>
    public void Touch(nuint address, nuint byteCount, PageProtection access = PageProtection.Write)
    {
        if (byteCount == 0)
        {
            return;
        }

        lock (_gate)
        {
            RequireInside(SystemOperation.None, address, byteCount);
            WidenToPages(ref address, ref byteCount);
            RequireAccess(address, byteCount, access);
            CountFaults(address, byteCount);
            bool writes = access.HasFlag(PageProtection.Write);
            EditFreely(
                address, byteCount, run => run with { IsResident = true, IsDirty = run.IsDirty || writes });
        }
    }

    /// <summary>Whether any page of a range may read as something else than zeros.</summary>
    /// <param name="address">The first byte; it need not be page-aligned.</param>
    /// <param name="byteCount">Length in bytes, widened to whole pages; no page of 0 bytes is dirty.</param>
    /// <remarks>
    /// Pages are dirty from a write to them until their decommit or release, or until a purge where
    /// <see cref="PlatformCapabilities.PurgeReadsZero"/> is there; without it a purge may leave what was written.
    /// </remarks>
    /// <exception cref="UnlawfulUseException">Part of the range lies outside the address space.</exception>
    public bool IsDirty(nuint address, nuint byteCount)
    {
        if (byteCount == 0)
        {
            return false;
        }

        lock (_gate)
        {
            RequireInside(SystemOperation.None, address, byteCount);
            WidenToPages(ref address, ref byteCount);
            CollectInRange(address, byteCount);
            return _inRange.Exists(static run => run.Attributes.IsDirty);
        }
    }

    /// <summary>
    /// Places a mapping that the code under test knows nothing of: a library, a stack, another allocator's memory.
    /// No system call, and no limit stands against it, but it counts against the limits on mappings and addresses.
    /// </summary>
    /// <param name="address">A multiple of the page size; it may lie below <see cref="LowestAddress"/>.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <exception cref="ArgumentException">
    /// The range is empty, unaligned, outside the address space, or not all free.
    /// </exception>
    public void PlaceForeign(nuint address, nuint byteCount)
    {
        RequireForeignRange(address, byteCount);
        lock (_gate)
        {
            Run run = _runs.Find(address);
            if (!run.Attributes.IsFree || byteCount > run.End - address)
            {
                throw new ArgumentException(
                    $"Not all of [0x{address:x}, 0x{address + byteCount:x}) is free.", nameof(address));
            }

            long number = ++_lastOwner;
            EditFreely(address, byteCount, _ => RunAttributes.Foreign(number));
        }
    }

    /// <summary>Removes foreign mappings, or parts of them.</summary>
    /// <param name="address">A multiple of the page size.</param>
    /// <param name="byteCount">Length in bytes, a multiple of the page size, not 0.</param>
    /// <exception cref="ArgumentException">
    /// The range is empty, unaligned, outside the address space, or not all foreign.
    /// </exception>
    public void RemoveForeign(nuint address, nuint byteCount)
    {
        RequireForeignRange(address, byteCount);
        lock (_gate)
        {
            CollectInRange(address, byteCount);
            if (_inRange.Exists(static run => !run.Attributes.IsForeign))
            {
                throw new ArgumentException(
                    $"Not all of [0x{address:x}, 0x{address + byteCount:x}) is foreign.", nameof(address));
            }

            EditFreely(address, byteCount, static _ => RunAttributes.Free);
        }
    }

    /// <summary>
    /// All that is not free, in the order of addresses, as runs of pages that are alike. Two snapshots are equal
    /// element by element when the states are.
    /// </summary>
    public IReadOnlyList<SimulatedRange> Snapshot()
    {
        lock (_gate)
        {
            CollectInRange(0, HighestAddress);
            List<SimulatedRange> ranges = new(_inRange.Count);
            foreach (Run run in _inRange)
            {
                if (!run.Attributes.IsFree)
                {
                    ranges.Add(Describe(run));
                }
            }

            return ranges;
        }
    }

    /// <summary>The snapshot as text, one range a line, for the message of a failed test.</summary>
    public override string ToString() => $"{Name}\n{string.Join('\n', Snapshot())}";

    private SimulatedRange Describe(in Run run)
    {
        RunAttributes attributes = run.Attributes;
        return new SimulatedRange(run.Start, run.ByteCount, attributes.State, attributes.Protection)
        {
            IsForeign = attributes.IsForeign,
            ReservationAddress = attributes.IsOurs ? _reservations[attributes.Owner].Start : run.Start,
            Traits = attributes.Traits,
            IsLocked = attributes.IsLocked,
            IsResident = attributes.IsResident,
            IsDirty = attributes.IsDirty,
            IsGuarded = attributes.IsGuarded,
            IsHuge = attributes.Backing.IsHuge,
            PreferredNode = attributes.Backing.NodePlusOne - 1,
            ObjectId = attributes.Backing.Object,
            ObjectOffset = attributes.Backing.IsObject ? unchecked(attributes.Backing.Phase + run.Start) : 0,
            Sharing = attributes.Backing.Sharing,
        };
    }

    private void RequireAccess(nuint address, nuint byteCount, PageProtection access)
    {
        RequireInside(SystemOperation.None, address, byteCount);
        CollectInRange(address, byteCount);
        foreach (Run run in _inRange)
        {
            if (!run.Attributes.IsCommitted || run.Attributes.IsGuarded || (run.Attributes.Protection & access) != access)
            {
                ThrowUnlawful(
                    SystemOperation.None,
                    address,
                    byteCount,
                    $"access {access} faults on {PagesOf(run)}");
            }

            RequireInsideObject(run, address, byteCount);
        }
    }

    private void WidenToPages(ref nuint address, ref nuint byteCount)
    {
        nuint end = address + byteCount;
        address &= ~(PageSize - 1);
        byteCount = ((end + (PageSize - 1)) & ~(PageSize - 1)) - address;
    }

    private void RequireForeignRange(nuint address, nuint byteCount)
    {
        ArgumentOutOfRangeException.ThrowIfZero(byteCount);
        if (((address | byteCount) & (PageSize - 1)) != 0 || !IsInside(address, byteCount))
        {
            throw new ArgumentException(
                $"Address 0x{address:x} and length {byteCount} are not whole pages below 0x{HighestAddress:x}.",
                nameof(address));
        }
    }
}
