namespace NativeVm.Platform.Posix.Native;

internal abstract unsafe partial class PosixBinding
{
    /// <summary>Reads words of a file from an offset in bytes on, as many as it gives; 0 words mean the end.</summary>
    public int ReadFileAt(int file, Span<ulong> words, long offset, out int wordCount)
    {
        fixed (ulong* buffer = words)
        {
            nint read;
            int error;
            do
            {
                Count();
                read = LibC.ReadAt(file, buffer, (nuint)words.Length * sizeof(ulong), checked((nint)offset));
                error = Answer((int)read);
            }
            while (ErrorNumbers.Classify(error) == PosixError.Interrupted);

            wordCount = error == 0 ? (int)(read / sizeof(ulong)) : 0;
            return error;
        }
    }
}
