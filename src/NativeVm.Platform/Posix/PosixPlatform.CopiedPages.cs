using NativeVm.Platform.Posix.Native;

namespace NativeVm.Platform.Posix;

internal sealed partial class PosixPlatform
{
    // proc_pid_pagemap(5): one word a page; who may not see frame numbers still sees these bits.
    private const ulong PageIsPresent = 1UL << 63;
    private const ulong PageIsSwapped = 1UL << 62;
    private const ulong PageIsOfObject = 1UL << 61;
    private const int PagesPerRead = 1024;

    /// <inheritdoc/>
    protected override SystemReply QueryCopiedPagesCore(nuint address, nuint byteCount, Span<ulong> copies)
    {
        if (!IsLinux || _binding.OpenFile("/proc/self/pagemap\0"u8, out int file) != 0)
        {
            return Refused(
                SystemOperation.QueryCopiedPages,
                address,
                byteCount,
                RefusalReason.NotSupported,
                ErrorNumbers.NotSupported);
        }

        int error = ReadPageMap(file, address / _pageSize, (int)(byteCount / _pageSize), copies);
        _binding.CloseFile(file);
        return Reply(SystemOperation.QueryCopiedPages, address, byteCount, error);
    }

    private int ReadPageMap(int file, nuint firstPage, int pageCount, Span<ulong> copies)
    {
        Span<ulong> words = stackalloc ulong[PagesPerRead];
        for (int page = 0; page < pageCount;)
        {
            Span<ulong> wanted = words[..Math.Min(PagesPerRead, pageCount - page)];
            long offset = (long)(firstPage + (nuint)page) * sizeof(ulong);
            int error = _binding.ReadFileAt(file, wanted, offset, out int wordCount);
            if (error != 0 || wordCount == 0)
            {
                return error != 0 ? error : ErrorNumbers.Invalid;
            }

            foreach (ulong word in wanted[..wordCount])
            {
                bool isCopy = (word & (PageIsPresent | PageIsSwapped)) != 0 && (word & PageIsOfObject) == 0;
                copies[page >> 6] |= isCopy ? 1UL << page : 0;
                page++;
            }
        }

        return 0;
    }
}
