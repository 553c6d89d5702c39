namespace NativeVm.Memory;

/// <summary>What a lease asks of the manager that has it.</summary>
internal interface ILeaseHolder
{
    /// <summary>Whether somebody holds the memory by its address.</summary>
    bool IsPinned { get; }
}
