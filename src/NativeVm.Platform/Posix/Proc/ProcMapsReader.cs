using NativeVm.Platform.Posix.Native;

namespace NativeVm.Platform.Posix.Proc;

/// <summary>
/// Reads <c>/proc/self/maps</c> mapping by mapping: <c>proc_pid_maps(5)</c>.
/// </summary>
/// <remarks>
/// It parses the bytes as they come and holds no line, so a path of any length in a buffer of any size is read
/// right, and nothing is allocated. The kernel writes whole lines in ascending order and takes its lock for each
/// read, so mappings that change meanwhile may be missing, old or new, but never overlap what was read before.
/// </remarks>
internal ref struct ProcMapsReader
{
    /// <summary>What the kernel fills at most in one read, however large the buffer.</summary>
    public const int BufferSize = 4096;

    private const int EndOfFile = -1;

    private readonly PosixBinding _binding;
    private readonly Span<byte> _buffer;
    private int _file = -1;
    private int _position;
    private int _length;

    /// <summary>A reader of this process's mappings.</summary>
    /// <param name="binding">Makes the system calls.</param>
    /// <param name="buffer">Scratch space of one byte or more, best <see cref="BufferSize"/>.</param>
    public ProcMapsReader(PosixBinding binding, Span<byte> buffer)
        : this(binding, buffer, "/proc/self/maps\0"u8)
    {
    }

    /// <summary>A reader of any file in that format.</summary>
    /// <param name="binding">Makes the system calls.</param>
    /// <param name="buffer">Scratch space of one byte or more.</param>
    /// <param name="path">UTF-8, ending in a zero byte.</param>
    public ProcMapsReader(PosixBinding binding, Span<byte> buffer, ReadOnlySpan<byte> path)
    {
        _binding = binding;
        _buffer = buffer;
        Error = binding.OpenFile(path, out _file);
    }

    /// <summary>The error number that ended the reading, or 0.</summary>
    public int Error { get; private set; }

    /// <summary>The mapping that was read last.</summary>
    public ProcMapping Current { get; private set; }

    /// <summary>Reads the next mapping; false at the end, after an error, and at a line that is no mapping.</summary>
    public bool MoveNext()
    {
        if (Error != 0 || !TryReadAddress('-', out nuint start) || !TryReadAddress(' ', out nuint end) || end <= start)
        {
            return false;
        }

        PageProtection protection = PageProtection.None;
        protection |= ReadByte() == 'r' ? PageProtection.Read : 0;
        protection |= ReadByte() == 'w' ? PageProtection.Write : 0;
        protection |= ReadByte() == 'x' ? PageProtection.Execute : 0;
        bool isStack = SkipToName() && SkipLineMatching("[stack]"u8);
        Current = new(start, end, protection, isStack);
        return Error == 0;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        if (_file >= 0)
        {
            _binding.CloseFile(_file);
            _file = -1;
        }
    }

    private bool TryReadAddress(char terminator, out nuint address)
    {
        address = 0;
        for (bool any = false; ; any = true)
        {
            int symbol = ReadByte();
            if (symbol == terminator)
            {
                return any;
            }

            int digit = symbol switch
            {
                >= '0' and <= '9' => symbol - '0',
                >= 'a' and <= 'f' => symbol - 'a' + 10,
                _ => EndOfFile,
            };
            if (digit == EndOfFile)
            {
                return false;
            }

            address = (address << 4) | (nuint)digit;
        }
    }

    /// <summary>
    /// Passes over the fourth permission, offset, device and inode and the blanks after them. False when the line
    /// ends without a name.
    /// </summary>
    private bool SkipToName()
    {
        const int FieldsBeforeName = 4;
        bool inBlank = false;
        for (int fields = 0; ; _position++)
        {
            int symbol = PeekByte();
            if (symbol is '\n' or EndOfFile)
            {
                _position++;
                return false;
            }

            if (symbol == ' ')
            {
                fields += inBlank ? 0 : 1;
                inBlank = true;
            }
            else if (inBlank && fields == FieldsBeforeName)
            {
                return true;
            }
            else
            {
                inBlank = false;
            }
        }
    }

    /// <summary>Reads to the end of the line, and says whether it was the text.</summary>
    private bool SkipLineMatching(ReadOnlySpan<byte> text)
    {
        int matched = 0;
        while (true)
        {
            int symbol = ReadByte();
            if (symbol is '\n' or EndOfFile)
            {
                return matched == text.Length;
            }

            if (matched < text.Length && symbol == text[matched])
            {
                matched++;
                continue;
            }

            SkipLine();
            return false;
        }
    }

    private void SkipLine()
    {
        while (PeekByte() != EndOfFile)
        {
            int end = _buffer[_position.._length].IndexOf((byte)'\n');
            if (end >= 0)
            {
                _position += end + 1;
                return;
            }

            _position = _length;
        }
    }

    private int ReadByte()
    {
        int symbol = PeekByte();
        _position++;
        return symbol;
    }

    private int PeekByte()
    {
        if (_position < _length)
        {
            return _buffer[_position];
        }

        if (Error != 0)
        {
            return EndOfFile;
        }

        Error = _binding.ReadFile(_file, _buffer, out _length);
        _position = 0;
        return Error == 0 && _length > 0 ? _buffer[0] : EndOfFile;
    }
}
