using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NativeVm.Index;

namespace NativeVm;

public sealed partial class VmMap
{
    /// <summary>Finds free space that satisfies constraints, each of them exactly. Nothing is inserted.</summary>
    /// <param name="request">The length and the constraints.</param>
    /// <param name="address">The address found; 0 when none was.</param>
    /// <returns>Whether there is one. <see langword="false"/> leaves everything as it was.</returns>
    /// <remarks>
    /// A policy chooses among the places that are reserved already. Only when there is none, a growable map extends
    /// its reservation, to the lowest place beyond that satisfies the constraints, whatever the policy.
    /// </remarks>
    /// <exception cref="SynchronizationLockException">This thread does not hold the lock exclusively.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The length or the alignment is 0, the phase is not below the alignment, or a flag or the policy is unknown.
    /// </exception>
    /// <exception cref="ArgumentException">The boundary is no multiple of the page size.</exception>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public bool TryFindSpace(in SpaceRequest request, out nuint address)
    {
        RequireWriteLock();
        return FindSpaceLocked(request, out address).IsSuccess;
    }

    private VmResult FindSpaceLocked(in SpaceRequest request, out nuint address)
    {
        RequireRequest(request);
        address = 0;
        if (request.Start >= MaxAddress || !TryMakeQuery(request, out SpaceQuery query, out ulong guardPages))
        {
            return VmResult.NoSpace;
        }

        SpaceQuery reserved = query with { Limit = Math.Min(query.Limit, _reservedEndPage) };
        if (!_index.TryFindSpace(reserved, out ulong page))
        {
            query = query with { Policy = SpacePolicy.First };
            if (query.Limit <= _reservedEndPage || !_index.TryFindSpace(query, out page))
            {
                return VmResult.NoSpace;
            }

            VmResult growth = GrowToFit(query, ref page);
            if (!growth.IsSuccess)
            {
                return growth;
            }
        }

        address = ToAddress(page + guardPages);
        return VmResult.Success;
    }

    private void RequireRequest(in SpaceRequest request)
    {
        ArgumentOutOfRangeException.ThrowIfZero(request.ByteCount, nameof(request));
        ArgumentOutOfRangeException.ThrowIfZero(request.Alignment, nameof(request));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(request.Phase, request.Alignment, nameof(request));
        if ((request.Flags & ~FindSpaceFlags.Stack) != 0 || request.Policy > SpacePolicy.Nearest)
        {
            throw new ArgumentOutOfRangeException(nameof(request), request, "Not a flag or a policy of a search for space.");
        }

        if ((request.Boundary & (PageSize - 1)) != 0)
        {
            throw new ArgumentException("A boundary is a multiple of the page size.", nameof(request));
        }
    }

    private bool TryMakeQuery(in SpaceRequest request, out SpaceQuery query, out ulong guardPages)
    {
        nuint mask = PageSize - 1;
        query = default;
        bool isCounted = TryCountPages(request.GuardBefore, out guardPages) & TryCountPages(request.GuardAfter, out ulong above);
        if (!TryCountPages(request.ByteCount, out ulong pageCount) || !isCounted
            || !TryGetPhase(request.Alignment, request.Phase, out ulong alignment, out ulong phase))
        {
            return false;
        }

        // What is looked for begins with the guard.
        pageCount += guardPages + above;
        ulong back = guardPages % alignment;
        phase = phase >= back ? phase - back : phase + (alignment - back);
        ulong start = (request.Start >> _pageShift) + ((request.Start & mask) == 0 ? 0u : 1u);
        ulong limit = request.Limit == 0 ? _index.EndPage : Math.Min(request.Limit >> _pageShift, _index.EndPage);
        query = new SpaceQuery(
            Math.Max(start, _index.FirstPage), limit, pageCount, alignment, (request.Flags & FindSpaceFlags.Stack) != 0)
        {
            Phase = phase,
            Boundary = request.Boundary >> _pageShift,
            Policy = request.Policy,
            Mark = MarkOf(request),
        };
        return true;
    }

    private ulong MarkOf(in SpaceRequest request)
    {
        switch (request.Policy)
        {
            case SpacePolicy.Random:
                ulong random = 0;
                RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(new Span<ulong>(ref random)));
                return random;
            case SpacePolicy.Next when (request.Mark & (PageSize - 1)) != 0:
                return (request.Mark >> _pageShift) + 1;
            default:
                return request.Mark >> _pageShift;
        }
    }

    /// <summary>
    /// The pages whose addresses leave <paramref name="phase"/> when divided by <paramref name="alignment"/>, as an
    /// alignment and a phase in pages; <see langword="false"/> when there are none.
    /// </summary>
    private bool TryGetPhase(nuint alignment, nuint phase, out ulong pageAlignment, out ulong pagePhase)
    {
        // With g what the alignment shares with the page size p: n * p = phase (mod alignment) has solutions where g
        // divides phase, and they are n = (phase / g) / (p / g) (mod alignment / g). Where p / g is more than 1 the
        // modulus is odd, so that two can be divided out: half of an odd number is half of it plus the modulus.
        int shared = Math.Min(BitOperations.TrailingZeroCount(alignment), _pageShift);
        pageAlignment = alignment >> shared;
        UInt128 residue = phase >> shared;
        for (int i = shared; i < _pageShift && pageAlignment > 1; i++)
        {
            residue = (UInt128.IsOddInteger(residue) ? residue + pageAlignment : residue) >> 1;
        }

        pagePhase = (ulong)(residue % pageAlignment);
        return (phase & (((nuint)1 << shared) - 1)) == 0;
    }
}
