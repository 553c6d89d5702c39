using System.Runtime.InteropServices;
using NativeVm.Tool.Commands;

namespace NativeVm.Tool.Profiling.Memory;

/// <summary>What one writes by hand: a pointer that moves on, and a check against the end.</summary>
internal readonly unsafe struct PointerBump() : IBump
{
    private readonly State _state = new();

    /// <inheritdoc/>
    public long? SystemCallCount => null;

    /// <inheritdoc/>
    public nuint Allocate(nuint byteCount) => _state.Allocate(byteCount);

    /// <inheritdoc/>
    public void Reset() => _state.Position = _state.Start;

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.Free((void*)_state.Start);

    private sealed class State
    {
        private const nuint ByteCount = BumpLane<PointerBump>.PassByteCount;
        private readonly nuint _end;

        public State()
        {
            Start = (nuint)NativeMemory.Alloc(ByteCount);
            Position = Start;
            _end = Start + ByteCount;
        }

        public nuint Start { get; }

        public nuint Position { get; set; }

        public nuint Allocate(nuint byteCount)
        {
            nuint position = Position;
            if (_end - position < byteCount)
            {
                throw ToolException.Failure("the block is used up.");
            }

            Position = position + byteCount;
            return position;
        }
    }
}
