namespace NativeVm.Memory;

/// <summary>The bytes under a <see cref="VmStream"/>. They never move.</summary>
internal interface IStreamStorage
{
    /// <summary>The first byte.</summary>
    nuint Address { get; }

    /// <summary>Bytes that it can have at most.</summary>
    nuint Capacity { get; }

    /// <summary>Bytes from the start on that may hold anything; what lies beyond reads as zeros.</summary>
    nuint DirtyByteCount { get; }

    /// <summary>Sees to it that the first bytes are there.</summary>
    /// <exception cref="NotSupportedException">It cannot hold so many.</exception>
    /// <exception cref="Platform.SystemRefusedException">The system refused.</exception>
    void Ensure(nuint byteCount);

    /// <summary>The stream is closed.</summary>
    void Release();
}
