namespace NativeVm.Tool.Traces.Strace;

/// <summary>Reads a stream line by line into one buffer, so that a trace of any length costs no memory.</summary>
/// <remarks>A line longer than the buffer comes back cut off, as one line: no input makes the buffer grow.</remarks>
internal sealed class ByteLineReader(Stream stream, int capacity = 64 * 1024)
{
    private readonly byte[] _buffer = new byte[capacity];
    private int _start;
    private int _end;
    private bool _atEnd;

    /// <summary>Whether the stream ended without a line end: a sign that it was cut off.</summary>
    public bool EndedWithinLine { get; private set; }

    /// <summary>Reads the next line.</summary>
    /// <param name="line">The line without its end; valid until the next call.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int searched = 0;
        while (true)
        {
            int newline = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                line = Trim(_buffer.AsSpan(_start, searched + newline));
                _start += searched + newline + 1;
                return true;
            }

            searched = _end - _start;
            if (_atEnd)
            {
                line = Trim(_buffer.AsSpan(_start, searched));
                _start = _end;
                EndedWithinLine = EndedWithinLine || searched != 0;
                return searched != 0;
            }

            if (searched == _buffer.Length)
            {
                SkipToNewline();
                line = _buffer;
                return true;
            }

            Fill();
        }
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line) => line is [.., (byte)'\r'] ? line[..^1] : line;

    private void Fill()
    {
        if (_start != 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        int count = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += count;
        _atEnd = count == 0;
    }

    // The buffer is full of one line, which is handed out as it is; what is read here replaces nothing of it.
    private void SkipToNewline()
    {
        int value;
        do
        {
            value = stream.ReadByte();
        }
        while (value is not (-1 or '\n'));

        _atEnd = value < 0;
        _start = _end = 0;
    }
}
