namespace NativeVm.Tool.Spaces;

/// <summary>Something that has an address space, perhaps a different one each time one looks.</summary>
internal interface ISpaceSource
{
    /// <summary>Whether it can change.</summary>
    bool IsLive { get; }

    /// <summary>Looks at it.</summary>
    /// <returns>What is there; null when the process has ended.</returns>
    /// <exception cref="Commands.ToolException">It may not be read.</exception>
    AddressSpace? TryRead();
}
