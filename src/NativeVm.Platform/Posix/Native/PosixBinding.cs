using System.Runtime.InteropServices;

namespace NativeVm.Platform.Posix.Native;

/// <summary>
/// The calls of POSIX as the platform makes them: every method is one system call, counted, and answers 0 or the
/// error number. Flags and constants stay below this line.
/// </summary>
/// <remarks>
/// There are two bindings. What Mono.Posix does correctly differs between them; what it lacks or silently gets wrong
/// is here, once, over our own declarations: mapping without replacing (it drops flags that it does not know),
/// <c>madvise</c> (it has none, and its <c>posix_madvise</c> of what is not needed does nothing), <c>mincore</c> (it
/// wants a managed array), limits and usage (it has none). An abstract class rather than a generic parameter: the
/// virtual call costs a nanosecond in front of calls of a thousand, and nothing is allocated either way.
/// </remarks>
internal abstract unsafe partial class PosixBinding
{
    private long _callCount;

    /// <summary>The name to show people.</summary>
    public abstract string Name { get; }

    /// <summary>The system, which a test can take for another one.</summary>
    public virtual PosixSystem Kind => PosixConstants.System;

    /// <summary>The processor's architecture, likewise.</summary>
    public virtual Architecture Architecture => RuntimeInformation.ProcessArchitecture;

    /// <summary>How many system calls this object has made.</summary>
    public long CallCount => Interlocked.Read(ref _callCount);

    /// <summary>Bytes in a page.</summary>
    public nuint QueryPageSize()
    {
        Count();
        return PageSizeCore();
    }

    /// <summary>Maps without access and without any promise of memory, where the system likes.</summary>
    public int Map(nuint byteCount, out nuint mapped)
    {
        Count();
        return MapCore(0, byteCount, replace: false, out mapped);
    }

    /// <summary>Maps without access in place of whatever is there.</summary>
    public int MapOver(nuint address, nuint byteCount)
    {
        Count();
        return MapCore(address, byteCount, replace: true, out _);
    }

    /// <summary>
    /// Maps without access at an address, or fails, or maps somewhere else: where the system cannot be told not to
    /// replace, the address is only a hint. Nothing is ever replaced.
    /// </summary>
    public int MapAt(nuint address, nuint byteCount, out nuint mapped)
    {
        Count();
        return MapAtCore(address, byteCount, out mapped);
    }

    public int Unmap(nuint address, nuint byteCount)
    {
        Count();
        return UnmapCore(address, byteCount);
    }

    public int Protect(nuint address, nuint byteCount, PageProtection protection)
    {
        Count();
        return ProtectCore(address, byteCount, PosixConstants.Protection(protection));
    }

    public int Lock(nuint address, nuint byteCount)
    {
        Count();
        return LockCore(address, byteCount);
    }

    public int Unlock(nuint address, nuint byteCount)
    {
        Count();
        return UnlockCore(address, byteCount);
    }

    /// <summary>Advice by its name; the system must have it (<see cref="HasAdvice(PageAdvice)"/>).</summary>
    public int Advise(nuint address, nuint byteCount, PageAdvice advice) =>
        AdviseDirectly(address, byteCount, PosixConstants.Advice(advice));

    /// <summary>Gives the pages of a range back and leaves it mapped.</summary>
    public int Purge(nuint address, nuint byteCount) =>
        AdviseDirectly(address, byteCount, PosixConstants.AdvicePurge);

    /// <summary>Makes the pages of a range resident and writable; the system must have it (<see cref="HasPopulate"/>).</summary>
    public int Populate(nuint address, nuint byteCount) =>
        AdviseDirectly(address, byteCount, PosixConstants.AdvicePopulateWrite);

    /// <summary>Whether the system knows this advice.</summary>
    public bool HasAdvice(PageAdvice advice) => KnowsAdvice(PosixConstants.Advice(advice));

    /// <summary>Whether the system can make pages resident in one call.</summary>
    public bool HasPopulate() => KnowsAdvice(PosixConstants.AdvicePopulateWrite);

    /// <summary>Whether the system has guards that are no mappings.</summary>
    public bool HasGuards() => KnowsAdvice(PosixConstants.AdviceGuardInstall);

    /// <summary>One byte a page into <paramref name="pages"/>; its lowest bit says that the page is in memory.</summary>
    public int InCore(nuint address, nuint byteCount, Span<byte> pages)
    {
        Count();
        fixed (byte* vector = pages)
        {
            return Answer(LibC.InCore(address, byteCount, vector));
        }
    }

    /// <summary>The limit in force on a resource, or <see cref="ulong.MaxValue"/> when it is unlimited or unknown.</summary>
    public ulong Limit(PosixLimit limit)
    {
        int resource = limit switch
        {
            PosixLimit.AddressSpace => PosixConstants.LimitAddressSpace,
            PosixLimit.Data => PosixConstants.LimitData,
            PosixLimit.Stack => PosixConstants.LimitStack,
            _ => PosixConstants.LimitLockedMemory,
        };

        Count();
        ResourceLimit found;
        if (LibC.GetLimit(resource, &found) != 0)
        {
            return ulong.MaxValue;
        }

        // "No limit" is 2^64-1 on Linux and 2^63-1 elsewhere.
        return found.Current >= long.MaxValue ? ulong.MaxValue : found.Current;
    }

    /// <summary>Peak of the resident set in bytes, and page faults, since the process began.</summary>
    public int Usage(out nuint peakResidentByteCount, out ulong faultCount)
    {
        Count();
        ResourceUsage usage = default;
        int error = Answer(LibC.GetUsage(PosixConstants.UsageOfSelf, &usage));
        peakResidentByteCount = checked((nuint)usage.PeakResident * (nuint)PosixConstants.PeakResidentUnit);
        faultCount = (ulong)usage.MinorFaults + (ulong)usage.MajorFaults;
        return error;
    }

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">UTF-8, ending in a zero byte.</param>
    /// <param name="file">The descriptor; -1 when refused.</param>
    public int OpenFile(ReadOnlySpan<byte> path, out int file)
    {
        Count();
        fixed (byte* text = path)
        {
            return OpenFileCore(text, out file);
        }
    }

    /// <summary>Reads up to a bufferful; 0 bytes mean the end.</summary>
    public int ReadFile(int file, Span<byte> buffer, out int byteCount)
    {
        fixed (byte* bytes = buffer)
        {
            int error;
            do
            {
                Count();
                byteCount = (int)LibC.Read(file, bytes, (nuint)buffer.Length);
                error = Answer(byteCount);
            }
            while (ErrorNumbers.Classify(error) == PosixError.Interrupted);

            return error;
        }
    }

    /// <summary>Closes a descriptor that was only read from, which loses nothing when it fails.</summary>
    public void CloseFile(int file)
    {
        Count();
        _ = LibC.Close(file);
    }

    protected abstract nuint PageSizeCore();

    protected abstract int MapCore(nuint address, nuint byteCount, bool replace, out nuint mapped);

    protected abstract int UnmapCore(nuint address, nuint byteCount);

    protected abstract int ProtectCore(nuint address, nuint byteCount, int protection);

    protected abstract int LockCore(nuint address, nuint byteCount);

    protected abstract int UnlockCore(nuint address, nuint byteCount);

    protected virtual int MapAtCore(nuint address, nuint byteCount, out nuint mapped) =>
        MapDirectly(address, byteCount, PosixConstants.MapNoReplace, out mapped);

    protected virtual int AdviseCore(nuint address, nuint byteCount, int advice) =>
        Answer(LibC.Advise(address, byteCount, advice));

    protected virtual int OpenFileCore(byte* path, out int file)
    {
        file = LibC.Open(path, PosixConstants.OpenReadOnly | PosixConstants.OpenCloseOnExec);
        return Answer(file);
    }

    protected static int MapDirectly(nuint address, nuint byteCount, int extraFlags, out nuint mapped)
    {
        const int Flags = PosixConstants.MapPrivate;
        nint result = LibC.Map(
            address, byteCount, 0, Flags | PosixConstants.MapAnonymous | PosixConstants.MapNoReserve | extraFlags, -1, 0);
        return AnswerMap(result, out mapped);
    }

    /// <summary>Splits what <c>mmap</c> returns into an error number and an address.</summary>
    protected static int AnswerMap(nint result, out nuint mapped)
    {
        if (result == PosixConstants.MapFailed)
        {
            mapped = 0;
            return Marshal.GetLastPInvokeError();
        }

        mapped = (nuint)result;
        return 0;
    }

    /// <summary>The error number behind a -1; has to follow the call at once.</summary>
    protected static int Answer(long result) => result < 0 ? Marshal.GetLastPInvokeError() : 0;

    private int AdviseDirectly(nuint address, nuint byteCount, int advice)
    {
        Count();
        return AdviseCore(address, byteCount, advice);
    }

    // Linux looks at the advice before the length, and a length of 0 does nothing. The other systems' advice is old
    // enough to be there whenever the table has a number for it.
    private bool KnowsAdvice(int advice) =>
        advice >= 0 && (Kind != PosixSystem.Linux || AdviseDirectly(0, 0, advice) == 0);

    private void Count() => Interlocked.Increment(ref _callCount);
}
