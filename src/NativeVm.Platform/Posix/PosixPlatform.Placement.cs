using NativeVm.Platform.Posix.Native;
using NativeVm.Platform.Posix.Places;
using NativeVm.Platform.Posix.Proc;

namespace NativeVm.Platform.Posix;

// Placement by exact candidates. A look at the address space only proposes; the system disposes, by mapping at the
// place or refusing, in one call. Whoever maps there in between costs us the candidate and nothing else.
internal sealed partial class PosixPlatform
{
    // Every round looks afresh, so only somebody who maps at our very candidates again and again exhausts them.
    private const int LookRounds = 64;

    // Without a list of mappings, places evenly spread over the bounds are tried.
    private const int BlindTries = 256;

    // The kernel keeps this much below the first thread's stack free for it, or the stack's limit if that is more.
    private const ulong LeastStackReserve = 128UL << 20;
    private const ulong MostStackReserve = 8UL << 30;

    /// <summary>
    /// Aligned to more than a page. The system's own choice shows where there is room; the aligned address at or below
    /// it is asked for next, which is free in nearly every case, because the system fills from the top down. Nothing
    /// is reserved twice over and trimmed: trimming can split a mapping, and at the cap on mappings not even
    /// <c>munmap</c> can do that.
    /// </summary>
    private SystemReply ReserveAligned(nuint byteCount, nuint alignment, out nuint address)
    {
        SystemReply reply = ReserveAnywhere(byteCount, out nuint chosen);
        address = chosen;
        if (reply.IsRefused || (chosen & (alignment - 1)) == 0)
        {
            return reply;
        }

        address = 0;
        int error = _binding.Unmap(chosen, byteCount);
        if (error != 0)
        {
            return Reply(SystemOperation.Reserve, 0, byteCount, error);
        }

        nuint below = chosen & ~(alignment - 1);
        if (below >= LowestAddress && TryMapAt(below, byteCount) == 0)
        {
            address = below;
            return SystemReply.Success;
        }

        return ReserveBounded(byteCount, LowestAddress, HighestAddress, alignment, below, out address);
    }

    private SystemReply ReserveBounded(
        nuint byteCount, nuint lowest, nuint highest, nuint alignment, nuint preferred, out nuint address)
    {
        address = 0;
        lowest = nuint.Max(lowest, LowestAddress);
        highest = nuint.Min(highest, HighestAddress);
        if (!PlaceBounds.TryCreate(lowest, highest, byteCount, alignment, preferred, out PlaceBounds bounds))
        {
            return Refused(
                SystemOperation.Reserve, 0, byteCount, RefusalReason.NoAddressSpace, ErrorNumbers.NoMemory);
        }

        int lastError = ErrorNumbers.NoMemory;
        for (int round = 0; round < LookRounds; round++)
        {
            if (!TryLook(bounds, out PlaceCandidates candidates))
            {
                return ReserveBlindly(bounds, byteCount, alignment, out address);
            }

            if (candidates.Count == 0)
            {
                return Refused(
                    SystemOperation.Reserve, 0, byteCount, RefusalReason.NoAddressSpace, ErrorNumbers.NoMemory);
            }

            for (int i = 0; i < candidates.Count; i++)
            {
                lastError = TryMapAt(candidates[i], byteCount);
                if (lastError == 0)
                {
                    address = candidates[i];
                    return SystemReply.Success;
                }

                // A limit is the same everywhere; what is taken, or forbidden to us, is not.
                if (ErrorNumbers.Classify(lastError) == PosixError.NoMemory)
                {
                    return Reply(SystemOperation.Reserve, 0, byteCount, lastError);
                }
            }
        }

        return Refused(SystemOperation.Reserve, 0, byteCount, RefusalReason.NoAddressSpace, lastError);
    }

    /// <summary>The best gaps between the mappings there are now; false where the system does not list them.</summary>
    private bool TryLook(in PlaceBounds bounds, out PlaceCandidates candidates)
    {
        candidates = default;
        if (!IsLinux)
        {
            return false;
        }

        var reader = new ProcMapsReader(_binding, stackalloc byte[ProcMapsReader.BufferSize]);
        nuint gapStart = LowestAddress;
        bool any = false;
        while (reader.MoveNext())
        {
            any = true;
            nuint gapEnd = nuint.Min(reader.Current.Start, HighestAddress);
            if (reader.Current.IsStack)
            {
                nuint reserve = StackReserve();
                gapEnd = gapEnd > reserve ? gapEnd - reserve : 0;
            }

            candidates.Offer(bounds, gapStart, gapEnd);
            gapStart = nuint.Max(gapStart, reader.Current.End);
        }

        reader.Dispose();
        candidates.Offer(bounds, gapStart, HighestAddress);
        return any && reader.Error == 0;
    }

    /// <summary>
    /// Without a list of mappings: evenly spread places are hinted at. The system answers a taken one with the next
    /// free place above it, which serves as well if it is inside the bounds.
    /// </summary>
    private SystemReply ReserveBlindly(in PlaceBounds bounds, nuint byteCount, nuint alignment, out nuint address)
    {
        address = 0;
        nuint span = bounds.Last - bounds.First;
        nuint step = nuint.Max(alignment, (span / BlindTries + alignment - 1) & ~(alignment - 1));
        int lastError = ErrorNumbers.NoMemory;
        nuint distance = 0;
        for (int i = 0; i < 2 * BlindTries && distance <= span; i++)
        {
            // Alternately above and below the preferred place, farther and farther away.
            bool above = (i & 1) == 0;
            distance = step * ((nuint)(i + 1) / 2);
            if (above ? distance > bounds.Last - bounds.Preferred : distance > bounds.Preferred - bounds.First)
            {
                continue;
            }

            nuint wanted = above ? bounds.Preferred + distance : bounds.Preferred - distance;
            lastError = _binding.MapAt(wanted, byteCount, out nuint mapped);
            if (lastError == 0 && bounds.Contains(mapped))
            {
                address = mapped;
                return SystemReply.Success;
            }

            if (lastError == 0)
            {
                lastError = _binding.Unmap(mapped, byteCount);
                if (lastError != 0)
                {
                    break;
                }

                lastError = ErrorNumbers.Exists;
            }
        }

        return Refused(SystemOperation.Reserve, 0, byteCount, RefusalReason.NoAddressSpace, lastError);
    }

    private nuint StackReserve() =>
        (nuint)ulong.Clamp(_binding.Limit(PosixLimit.Stack), LeastStackReserve, MostStackReserve);
}
