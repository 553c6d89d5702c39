namespace NativeVm;

/// <summary>
/// A <see cref="VmHeap"/> has found that it is used wrongly. The heap is as it was before the call, and stays usable.
/// </summary>
/// <remarks>
/// <see cref="VmHeapFault.UseAfterFree"/> is found late, by a call that need have nothing to do with it: a free that
/// reports it for another block has freed its own, and the block that was written to is kept out of use.
/// </remarks>
public sealed class VmHeapFaultException : InvalidOperationException
{
    /// <summary>An exception for a fault.</summary>
    /// <param name="fault">What is wrong.</param>
    /// <param name="address">The address that was given, or the block that was overwritten.</param>
    /// <param name="heapName">The name of the heap.</param>
    public VmHeapFaultException(VmHeapFault fault, nuint address, string heapName)
        : base($"Heap '{heapName}', address 0x{address:x}: {Describe(fault)}")
    {
        Fault = fault;
        Address = address;
    }

    /// <summary>An exception with a text only.</summary>
    /// <param name="message">The text.</param>
    public VmHeapFaultException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a text and a cause.</summary>
    /// <param name="message">The text.</param>
    /// <param name="innerException">The cause.</param>
    public VmHeapFaultException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An exception without a text.</summary>
    public VmHeapFaultException()
    {
    }

    /// <summary>What is wrong.</summary>
    public VmHeapFault Fault { get; }

    /// <summary>The address that was given, or the block that was overwritten.</summary>
    public nuint Address { get; }

    private static string Describe(VmHeapFault fault) => fault switch
    {
        VmHeapFault.DoubleFree => "the block has been freed already.",
        VmHeapFault.ForeignPointer => "no block of this heap is there. It came from elsewhere, or has been freed and its pages given back.",
        VmHeapFault.InteriorPointer => "the address is not the start of a block.",
        VmHeapFault.Overrun => "something was written beyond the end of the block.",
        VmHeapFault.UseAfterFree => "something was written to the block after it had been freed. It is kept out of use.",
        _ => "a fault.",
    };
}
