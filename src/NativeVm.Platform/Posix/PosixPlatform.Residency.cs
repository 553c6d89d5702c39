using System.Buffers.Binary;
using System.Numerics;

namespace NativeVm.Platform.Posix;

internal sealed partial class PosixPlatform
{
    // As many pages as the kernel looks at before it hands the answer over.
    private const int PagesPerQuery = 4096;

    /// <inheritdoc/>
    protected override unsafe SystemReply PrefaultCore(nuint address, nuint byteCount)
    {
        if (Supports(PlatformCapabilities.Populate))
        {
            return Reply(SystemOperation.Prefault, address, byteCount, _binding.Populate(address, byteCount));
        }

        // A write that leaves every value what it is, whoever else writes: 0 is replaced by 0, anything else stays,
        // and a page that holds anything else is there already.
        for (nuint offset = 0; offset < byteCount; offset += _pageSize)
        {
            _ = Interlocked.CompareExchange(ref *(int*)(address + offset), 0, 0);
        }

        return SystemReply.Success;
    }

    /// <inheritdoc/>
    protected override SystemReply LockCore(nuint address, nuint byteCount)
    {
        SystemReply reply = Reply(SystemOperation.Lock, address, byteCount, _binding.Lock(address, byteCount));
        if (reply.IsRefused && reply.Reason != RefusalReason.LockLimit)
        {
            // The limit is checked before anything is done. What fails later, at a page that cannot be had, leaves
            // the range marked as locked.
            _ = _binding.Unlock(address, byteCount);
        }

        return reply;
    }

    /// <inheritdoc/>
    protected override SystemReply UnlockCore(nuint address, nuint byteCount) =>
        Reply(SystemOperation.Unlock, address, byteCount, _binding.Unlock(address, byteCount));

    /// <inheritdoc/>
    protected override SystemReply QueryResidentCore(nuint address, nuint byteCount, out nuint residentByteCount)
    {
        Span<byte> pages = stackalloc byte[PagesPerQuery];
        nuint residentPages = 0;
        nuint chunk = PagesPerQuery * _pageSize;
        for (nuint offset = 0; offset < byteCount; offset += chunk)
        {
            chunk = nuint.Min(chunk, byteCount - offset);
            Span<byte> answer = pages[..(int)(chunk / _pageSize)];
            int error = _binding.InCore(address + offset, chunk, answer);
            if (error != 0)
            {
                residentByteCount = 0;
                return Reply(SystemOperation.QueryResident, address, byteCount, error);
            }

            residentPages += CountResident(answer);
        }

        residentByteCount = residentPages * _pageSize;
        return SystemReply.Success;
    }

    // Only the lowest bit of each byte has a meaning on every system.
    private static nuint CountResident(ReadOnlySpan<byte> pages)
    {
        const ulong LowestBits = 0x0101_0101_0101_0101;
        int count = 0;
        for (; pages.Length >= sizeof(ulong); pages = pages[sizeof(ulong)..])
        {
            count += BitOperations.PopCount(BinaryPrimitives.ReadUInt64LittleEndian(pages) & LowestBits);
        }

        foreach (byte page in pages)
        {
            count += page & 1;
        }

        return (nuint)count;
    }
}
