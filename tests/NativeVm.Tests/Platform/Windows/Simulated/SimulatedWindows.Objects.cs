using NativeVm.Platform;
using NativeVm.Platform.Windows.Objects;
using TerraFX.Interop.Windows;
using static TerraFX.Interop.Windows.ERROR;
using static TerraFX.Interop.Windows.PAGE;

namespace NativeVm.Tests.Platform.Windows.Simulated;

// Files, sections and views. A handle is a number; what it stands for is the host's.
internal sealed unsafe partial class SimulatedWindows
{
    private readonly Dictionary<nint, string> _files = [];
    private readonly Dictionary<nint, (MemoryObjectHandle Object, ulong ByteCount, uint Protection)> _sections = [];
    private nint _lastHandle = 1 << 10;

    /// <summary>How many handles are open.</summary>
    public int OpenHandleCount => _files.Count + _sections.Count;

    /// <summary>The path that a file was asked for by last.</summary>
    public string LastPath { get; private set; } = "";

    public override nint CreateFile(char* name, uint access, uint disposition)
    {
        lock (_lock)
        {
            string path = new(name);
            LastPath = path;
            if (Refuses())
            {
                return WindowsFiles.InvalidHandle;
            }

            if (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(path)))
            {
                _ = Answer(Directory.Exists(path) ? ERROR_ACCESS_DENIED : ERROR_PATH_NOT_FOUND);
                return WindowsFiles.InvalidHandle;
            }

            if (!File.Exists(path))
            {
                if (disposition == WindowsFiles.OpenExisting)
                {
                    _ = Answer(ERROR_FILE_NOT_FOUND);
                    return WindowsFiles.InvalidHandle;
                }

                File.WriteAllBytes(path, []);
            }

            _files.Add(++_lastHandle, path);
            return _lastHandle;
        }
    }

    public override bool GetFileSize(nint file, long* byteCount)
    {
        lock (_lock)
        {
            *byteCount = new FileInfo(_files[file]).Length;
            return !Refuses();
        }
    }

    public override bool FlushFileBuffers(nint file) => _files.ContainsKey(file) && !Refuses();

    public override bool CloseHandle(nint handle)
    {
        lock (_lock)
        {
            if (_sections.Remove(handle, out var section))
            {
                section.Object.Dispose();
                return true;
            }

            return _files.Remove(handle);
        }
    }

    public override nint CreateFileMapping(nint file, uint protection, ulong byteCount)
    {
        lock (_lock)
        {
            if (Refuses() || (file == WindowsFiles.InvalidHandle && !HasSections && !Answer(ERROR_NOT_SUPPORTED)))
            {
                return 0;
            }

            MemoryObjectAccess access = protection == PAGE_READONLY ? MemoryObjectAccess.Read : MemoryObjectAccess.ReadWrite;
            SystemReply reply = file == WindowsFiles.InvalidHandle
                ? _host.CreateSharedMemory((nuint)byteCount, "section", out MemoryObjectHandle? memory)
                : _host.OpenFile(_files[file], access, byteCount, out memory);
            reply.ThrowIfRefused();
            _sections.Add(++_lastHandle, (memory!, byteCount, protection));
            return _lastHandle;
        }
    }

    public override nuint MapViewOfFile(nint section, uint access, ulong offset, nuint byteCount, nuint address)
    {
        lock (_lock)
        {
            nuint start = address;
            nuint end = start + byteCount;
            if (Refuses() || !Answer(Reserve(ref start, ref end, WindowsAllocationKind.View, 0, 0, default)))
            {
                return 0;
            }

            uint protection = (access & WindowsFiles.MapExecute) != 0 ? PAGE_EXECUTE_READ
                : (access & WindowsFiles.MapCopy) != 0 ? PAGE_WRITECOPY
                : (access & WindowsFiles.MapWrite) != 0 ? PAGE_READWRITE
                : (uint)PAGE_READONLY;
            return View(start, end, section, offset, byteCount, protection, WindowsAllocationKind.View);
        }
    }

    public override nuint MapViewOfFile3(
        nint section, nuint address, ulong offset, nuint byteCount, uint how, uint protection)
    {
        lock (_lock)
        {
            nuint end = address + RoundUp(byteCount, _host.PageSize);
            return Refuses() || (!IsPlaceholder(address, end) && !Answer(ERROR_INVALID_ADDRESS))
                ? 0
                : View(address, end, section, offset, byteCount, protection, WindowsAllocationKind.ReplacingView);
        }
    }

    public override bool UnmapViewOfFile(nuint address)
    {
        lock (_lock)
        {
            return !Refuses() && Answer(Unmap(address, isPreserved: false));
        }
    }

    public override bool UnmapViewOfFile2(nuint address, uint how)
    {
        lock (_lock)
        {
            return !Refuses() && Answer(Unmap(address, (how & MEM.MEM_PRESERVE_PLACEHOLDER) != 0));
        }
    }

    public override bool FlushViewOfFile(nuint address, nuint byteCount)
    {
        lock (_lock)
        {
            return !Refuses() && Answer(
                _runs.IsOneAllocation(address, address + byteCount, out _)
                    && _host.Synchronize(address, byteCount).IsSuccess
                    ? ERROR_SUCCESS
                    : ERROR_INVALID_ADDRESS);
        }
    }

    public override bool FlushInstructionCache(nuint address, nuint byteCount) =>
        !Refuses() && Answer(_runs.IsCommitted(address, address + byteCount) ? ERROR_SUCCESS : ERROR_NOACCESS);

    private nuint View(
        nuint start, nuint end, nint section, ulong offset, nuint byteCount, uint protection, WindowsAllocationKind kind)
    {
        var (memory, length, _) = _sections[section];
        if (offset + byteCount > length || offset % Granularity != 0)
        {
            _runs.Remove(start, kind == WindowsAllocationKind.View ? end : start);
            _ = Answer(offset + byteCount > length ? ERROR_ACCESS_DENIED : ERROR_INVALID_PARAMETER);
            return 0;
        }

        MappingSharing sharing = protection == PAGE_WRITECOPY ? MappingSharing.CopyOnWrite : MappingSharing.Shared;
        _host.MapObject(start, end - start, memory, offset, ToHost(protection), sharing).ThrowIfRefused();
        _runs.Remove(start, end);
        _runs.Insert(new(start, end, start, kind, protection, protection));
        return start;
    }

    private int Unmap(nuint address, bool isPreserved)
    {
        if (!_runs.TryFind(address, out WindowsRun run)
            || run.Kind is not (WindowsAllocationKind.View or WindowsAllocationKind.ReplacingView)
            || (isPreserved && run.Kind == WindowsAllocationKind.View))
        {
            return ERROR_INVALID_ADDRESS;
        }

        nuint start = run.Base;
        nuint end = _runs.EndOf(start, start);
        Forget(start, end);
        _host.UnmapObject(start, end - start).ThrowIfRefused();
        _runs.Remove(start, end);
        if (isPreserved)
        {
            _runs.Insert(new(start, end, start, WindowsAllocationKind.Placeholder, 0, PAGE_NOACCESS));
        }

        return ERROR_SUCCESS;
    }
}
