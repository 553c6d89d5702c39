using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using TerraFX.Interop.Windows;

namespace NativeVm.Platform.Windows;

/// <summary>
/// The pages that one <c>QueryWorkingSetEx</c> asks about. It lives on the stack, so that a query allocates nothing.
/// </summary>
[InlineArray(Capacity)]
[SupportedOSPlatform("windows10.0")]
internal struct PageBatch
{
    /// <summary>How many pages fit: a megabyte of them, in 4 KiB of stack.</summary>
    public const int Capacity = 256;

    private PSAPI_WORKING_SET_EX_INFORMATION _first;

    /// <summary>Whether the page is in physical memory.</summary>
    /// <param name="index">Which page of the batch.</param>
    public readonly bool IsResident(int index) => this[index].VirtualAttributes.Valid != 0;

    /// <summary>Whether the page is locked into physical memory.</summary>
    /// <param name="index">Which page of the batch.</param>
    public readonly bool IsLocked(int index) => this[index].VirtualAttributes.Locked != 0;

    /// <summary>Says which pages to ask about.</summary>
    /// <param name="address">The first one.</param>
    /// <param name="count">How many, at most <see cref="Capacity"/>.</param>
    /// <param name="pageSize">Bytes in a page.</param>
    public unsafe void Fill(nuint address, int count, nuint pageSize)
    {
        for (int i = 0; i < count; i++)
        {
            this[i] = default;
            this[i].VirtualAddress = (void*)(address + ((nuint)i * pageSize));
        }
    }
}
