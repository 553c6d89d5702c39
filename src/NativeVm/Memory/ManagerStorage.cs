namespace NativeVm.Memory;

/// <summary>The memory of a manager, which the stream holds as a pin does.</summary>
internal sealed class ManagerStorage<T> : IStreamStorage
    where T : unmanaged
{
    private readonly VmMemoryManager<T> _manager;

    public ManagerStorage(VmMemoryManager<T> manager)
    {
        manager.Hold();
        _manager = manager;
    }

    public nuint Address => _manager.Address;

    public nuint Capacity => _manager.ByteCount;

    public nuint DirtyByteCount => _manager.ByteCount;

    public void Ensure(nuint byteCount)
    {
        if (byteCount > Capacity)
        {
            throw new NotSupportedException($"A stream over a range of {Capacity} bytes cannot grow to {byteCount}.");
        }
    }

    public void Release() => _manager.Unpin();
}
