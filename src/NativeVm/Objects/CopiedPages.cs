using System.Numerics;
using NativeVm.Platform;

namespace NativeVm.Objects;

/// <summary>Brings what a copy-on-write view has of its own into another view of the same object.</summary>
internal static unsafe class CopiedPages
{
    private const int WordsPerQuery = 512;
    private const int PagesPerWord = 64;

    /// <summary>
    /// Makes the target read as the source does, by copying the pages that differ because they were written. Nobody may
    /// write to either meanwhile.
    /// </summary>
    /// <param name="platform">The system, which may know the pages; if it does not, contents are compared.</param>
    /// <param name="source">The start of the copy-on-write view.</param>
    /// <param name="target">The start of a writable view of the same part of the object.</param>
    /// <param name="byteCount">Their length in bytes.</param>
    /// <returns>Bytes copied.</returns>
    public static nuint Carry(VmPlatform platform, nuint source, nuint target, nuint byteCount)
    {
        Span<ulong> copies = stackalloc ulong[WordsPerQuery];
        nuint pageSize = platform.PageSize;
        nuint most = WordsPerQuery * PagesPerWord * pageSize;
        nuint copied = 0;
        for (nuint offset = 0; offset < byteCount;)
        {
            nuint length = Math.Min(most, byteCount - offset);
            copied += platform.QueryCopiedPages(source + offset, length, copies).IsSuccess
                ? CarryMarked(source + offset, target + offset, (int)(length / pageSize), pageSize, copies)
                : CarryDifferent(source + offset, target + offset, length, pageSize);
            offset += length;
        }

        return copied;
    }

    private static nuint CarryMarked(nuint source, nuint target, int pageCount, nuint pageSize, ReadOnlySpan<ulong> copies)
    {
        nuint copied = 0;
        for (int page = 0; page < pageCount;)
        {
            ulong word = copies[page / PagesPerWord] >> (page % PagesPerWord);
            if (word == 0)
            {
                page = (page / PagesPerWord * PagesPerWord) + PagesPerWord;
                continue;
            }

            page += BitOperations.TrailingZeroCount(word);
            int run = BitOperations.TrailingZeroCount(~(copies[page / PagesPerWord] >> (page % PagesPerWord)));
            run = Math.Min(run, Math.Min(PagesPerWord - (page % PagesPerWord), pageCount - page));
            nuint offset = (nuint)page * pageSize;
            nuint length = (nuint)run * pageSize;
            Buffer.MemoryCopy((void*)(source + offset), (void*)(target + offset), length, length);
            copied += length;
            page += run;
        }

        return copied;
    }

    private static nuint CarryDifferent(nuint source, nuint target, nuint byteCount, nuint pageSize)
    {
        nuint copied = 0;
        for (nuint offset = 0; offset < byteCount; offset += pageSize)
        {
            ReadOnlySpan<byte> page = new((void*)(source + offset), (int)pageSize);
            Span<byte> counterpart = new((void*)(target + offset), (int)pageSize);
            if (!page.SequenceEqual(counterpart))
            {
                page.CopyTo(counterpart);
                copied += pageSize;
            }
        }

        return copied;
    }
}
