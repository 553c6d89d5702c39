namespace NativeVm.Platform.Posix.Proc;

/// <summary>One line of <c>/proc/self/maps</c>: a mapping.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="End">The first byte after it.</param>
/// <param name="Protection">What may be done to its pages.</param>
/// <param name="IsStack">Whether it is the first thread's stack, which grows downwards into what lies below it.</param>
internal readonly record struct ProcMapping(nuint Start, nuint End, PageProtection Protection, bool IsStack)
{
    /// <summary>A mapping without access is a reservation.</summary>
    public PageState State => Protection == PageProtection.None ? PageState.Reserved : PageState.Committed;
}
