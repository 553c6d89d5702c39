using NativeVm.Platform;

namespace NativeVm.Tests.Objects;

/// <summary>The state of a sweep that makes one thing on a simulated platform, in a map or not.</summary>
internal sealed class ObjectState : IDisposable
{
    private readonly VmMap? _map;
    private readonly VmPlatform _platform;
    private readonly string _before;
    private IDisposable? _made;

    public ObjectState(VmPlatform platform, bool isInMap)
    {
        _platform = platform;
        _map = isInMap ? new VmMap(new VmMapOptions { ByteCount = 4 << 20, Platform = platform }) : null;
        _before = Picture();
    }

    public VmPlatform Platform => _platform;

    public VmMap? Map => _map;

    public bool Keep(IDisposable? made)
    {
        _made = made;
        return made is not null;
    }

    public void Verify(bool succeeded)
    {
        _map?.Validate();
        if (!succeeded)
        {
            Assert.Null(_made);
            Assert.Equal(_before, Picture());
            Assert.Equal(0, ObjectSystems.SystemOf(_platform).OpenHandleCount);
        }
    }

    public void Dispose()
    {
        _made?.Dispose();
        if (_made is not null)
        {
            Assert.Equal(_before, Picture());
        }

        _map?.Dispose();
    }

    private string Picture()
    {
        List<string> lines = [.. ObjectSystems.SystemOf(_platform).Snapshot().Select(range => range.ToString())];
        if (_map is not null)
        {
            using VmMapLockScope scope = _map.EnterReadLock();
            foreach (VmEntry entry in _map.GetEntries())
            {
                lines.Add(entry.ToString());
            }
        }

        return string.Join('\n', lines);
    }
}
