using System.Buffers;

namespace NativeVm.Tool.Traces.Strace;

/// <summary>Reads one complete call: <c>name(arguments) = result</c>.</summary>
internal static class StraceCallParser
{
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_"u8);

    /// <summary>Reads a call.</summary>
    /// <param name="processId">Who made it.</param>
    /// <param name="text">The event, from the name on.</param>
    /// <param name="call">The call.</param>
    /// <param name="reason">Why there is none.</param>
    /// <returns>Whether it is a memory call that succeeded.</returns>
    public static bool TryParse(int processId, ReadOnlySpan<byte> text, out TraceCall call, out SkipReason reason)
    {
        call = default;
        reason = SkipReason.Unparsable;
        int open = text.IndexOf((byte)'(');
        int equals = text.LastIndexOf(" = "u8);
        int close = equals < 0 ? -1 : text[..equals].LastIndexOf((byte)')');
        if (open <= 0 || close < open || !IsName(text[..open]))
        {
            return false;
        }

        ReadOnlySpan<byte> name = text[..open];
        ReadOnlySpan<byte> result = FirstWord(text[(equals + 3)..]);
        if (!IsMemoryCall(name))
        {
            reason = SkipReason.OtherCall;
            return false;
        }

        if (result.StartsWith("-"u8) || result.StartsWith("?"u8))
        {
            reason = SkipReason.Failed;
            return false;
        }

        return ArgumentReader.TryParseNumber(result, out ulong value)
            && TryParseArguments(processId, name, new ArgumentReader(text[(open + 1)..close]), value, out call, ref reason);
    }

    /// <summary>Whether a text can be the name of a system call.</summary>
    /// <param name="name">The text.</param>
    public static bool IsName(ReadOnlySpan<byte> name) =>
        !name.IsEmpty && name.IndexOfAnyExcept(NameBytes) < 0;

    private static bool IsMemoryCall(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("mmap"u8) || name.SequenceEqual("mmap2"u8) || name.SequenceEqual("munmap"u8)
        || name.SequenceEqual("mprotect"u8) || name.SequenceEqual("pkey_mprotect"u8) || name.SequenceEqual("mremap"u8)
        || name.SequenceEqual("brk"u8) || name.SequenceEqual("madvise"u8);

    private static bool TryParseArguments(
        int processId,
        ReadOnlySpan<byte> name,
        ArgumentReader arguments,
        ulong result,
        out TraceCall call,
        ref SkipReason reason)
    {
        call = default;
        if (!arguments.TryReadNumber(out ulong address))
        {
            return false;
        }

        if (name.SequenceEqual("brk"u8))
        {
            call = new TraceCall(TraceCallKind.Break, processId, address) { NewAddress = result };
            return true;
        }

        if (!arguments.TryReadNumber(out ulong byteCount))
        {
            return false;
        }

        if (name.SequenceEqual("munmap"u8))
        {
            call = new TraceCall(TraceCallKind.Unmap, processId, address, byteCount);
            return true;
        }

        if (name.SequenceEqual("mremap"u8))
        {
            bool isNumber = arguments.TryReadNumber(out ulong newByteCount);
            call = new TraceCall(TraceCallKind.Remap, processId, address, byteCount)
            {
                NewAddress = result,
                NewByteCount = newByteCount,
            };
            return isNumber;
        }

        if (!arguments.TryReadText(out ReadOnlySpan<byte> third))
        {
            return false;
        }

        if (name.SequenceEqual("madvise"u8))
        {
            reason = third.StartsWith("MADV_"u8) ? SkipReason.Advice : SkipReason.Unparsable;
            call = new TraceCall(TraceCallKind.Discard, processId, address, byteCount);
            return third.SequenceEqual("MADV_DONTNEED"u8) || third.SequenceEqual("MADV_FREE"u8);
        }

        if (!StraceFlags.TryParseProtection(third, out TraceProtection protection))
        {
            return false;
        }

        if (!name.StartsWith("mmap"u8))
        {
            call = new TraceCall(TraceCallKind.Protect, processId, address, byteCount) { Protection = protection };
            return true;
        }

        if (!arguments.TryReadText(out ReadOnlySpan<byte> flags)
            || !StraceFlags.TryParseMapping(flags, out bool isAnonymous))
        {
            return false;
        }

        // The answer is the address; the argument was only a wish.
        call = new TraceCall(isAnonymous ? TraceCallKind.MapAnonymous : TraceCallKind.MapFile, processId, result, byteCount)
        {
            Protection = protection,
        };
        return true;
    }

    private static ReadOnlySpan<byte> FirstWord(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart((byte)' ');
        int space = text.IndexOf((byte)' ');
        return space < 0 ? text : text[..space];
    }
}
