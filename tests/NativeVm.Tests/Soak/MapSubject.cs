using NativeVm.Platform;

namespace NativeVm.Tests.Soak;

/// <summary>A growable map that all lanes share: entries found, clipped, decommitted, protected and removed.</summary>
internal sealed class MapSubject(VmMap map, SoakExchange exchange, int capacity) : BlockListSubject(exchange, capacity)
{
    private readonly nuint _granule = map.Platform.AllocationGranularity;

    protected override string What => map.Name;

    protected override bool TryAllocate(Random random, out SoakBlock block)
    {
        nuint byteCount = _granule * (nuint)random.Next(1, 17);
        VmResult result = map.Find(byteCount, VmEntryAttributes.ReadWrite, out nuint address);
        if (result.IsSuccess)
        {
            SoakPattern.VerifyZero(address, byteCount, What);
        }

        block = new(address, byteCount, NextPattern());
        return result.IsSuccess;
    }

    protected override SoakBlock Change(Random random, SoakBlock block)
    {
        nuint half = block.ByteCount / 2 / _granule * _granule;
        switch (random.Next(3))
        {
            case 0 when half != 0 && map.Decommit(block.Address, half).IsSuccess:
                // The other half is as it was; the one that went reads as zeros when it comes back.
                SoakBlock rest = block with { Address = block.Address + half, ByteCount = block.ByteCount - half };
                rest.Verify(What);
                if (!map.Commit(block.Address, half, PageProtection.ReadWrite).IsSuccess)
                {
                    map.Remove(block.Address, half).ThrowIfFailed();
                    return rest;
                }

                SoakPattern.VerifyZero(block.Address, half, What);
                return block.Filled();
            case 1 when map.Protect(block.Address, block.ByteCount, PageProtection.Read).IsSuccess:
                block.Verify(What);
                map.Protect(block.Address, block.ByteCount, PageProtection.ReadWrite).ThrowIfFailed();
                return block.Filled();
            case 2 when half != 0 && map.Remove(block.Address, half).IsSuccess:
                return block with { Address = block.Address + half, ByteCount = block.ByteCount - half };
            default:
                return block;
        }
    }

    protected override void Free(SoakBlock block) => map.Remove(block.Address, block.ByteCount).ThrowIfFailed();
}
