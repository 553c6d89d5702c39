using System.Globalization;

namespace NativeVm.Tests.Arenas;

/// <summary>
/// Runs a list of operations on an arena and on a list of what is live, with a pattern in everything that is live: an
/// overlap, memory that is not zero, or a rewind that is too long or too short shows up.
/// </summary>
internal sealed class LinearArenaModel : IDisposable
{
    private readonly LinearArena _arena;
    private readonly bool _isZeroed;
    private readonly List<(nuint Address, nuint ByteCount, byte Pattern)> _live = [];
    private byte _nextPattern;

    public LinearArenaModel(LinearArenaOptions options)
    {
        _arena = new LinearArena(options);
        _isZeroed = options.ZeroesMemory;
    }

    public void Run(IReadOnlyList<(byte Kind, ushort Argument)> operations)
    {
        int next = 0;
        RunScope(operations, ref next, depth: 0);
        Verify();
        _arena.Reset();
        _live.Clear();
        Assert.Equal((nuint)0, _arena.AllocatedByteCount);
    }

    public void Dispose() => _arena.Dispose();

    private void RunScope(IReadOnlyList<(byte Kind, ushort Argument)> operations, ref int next, int depth)
    {
        while (next < operations.Count)
        {
            (byte kind, ushort argument) = operations[next++];
            switch (kind % 16)
            {
                case < 9:
                    Allocate(argument, kind);
                    break;
                case < 11 when depth < 20:
                    int count = _live.Count;
                    using (ArenaScope scope = _arena.EnterScope())
                    {
                        RunScope(operations, ref next, depth + 1);
                        if (argument % 4 == 0)
                        {
                            scope.Rewind();
                            _live.RemoveRange(count, _live.Count - count);
                        }
                        else if (argument % 4 == 1)
                        {
                            scope.Keep();
                            count = _live.Count;
                        }
                    }

                    _live.RemoveRange(count, _live.Count - count);
                    Verify();
                    break;
                case < 14 when depth > 0:
                    return;
                case 14:
                    Assert.Equal(VmResult.Success, _arena.Trim(argument));
                    break;
                case 15 when depth == 0:
                    Assert.Equal(VmResult.Success, _arena.Reset(argument));
                    _live.Clear();
                    break;
                default:
                    break;
            }
        }
    }

    private void Allocate(ushort argument, byte kind)
    {
        nuint byteCount = argument % 8 == 0 ? (nuint)argument * 4 : argument % 200u;
        nuint alignment = (nuint)1 << (kind % 9);
        LinearArenaStatistics before = _arena.GetStatistics();
        if (!_arena.TryAllocate(byteCount, alignment, out nuint address))
        {
            Assert.Equal(before, _arena.GetStatistics());
            return;
        }

        Assert.Equal((nuint)0, address % Math.Max(alignment, LinearArena.DefaultAlignment));
        Assert.InRange((ulong)address, _arena.BaseAddress, _arena.BaseAddress + _arena.ByteCount - byteCount);
        Span<byte> bytes = TestArenas.Bytes(address, byteCount);
        if (_isZeroed)
        {
            Assert.True(bytes.IndexOfAnyExcept((byte)0) < 0, string.Create(CultureInfo.InvariantCulture, $"{byteCount} bytes are zero."));
        }

        bytes.Fill(++_nextPattern);
        _live.Add((address, byteCount, _nextPattern));
    }

    private void Verify()
    {
        foreach ((nuint address, nuint byteCount, byte pattern) in _live)
        {
            Assert.True(TestArenas.Bytes(address, byteCount).IndexOfAnyExcept(pattern) < 0, "What is live is what was written.");
        }
    }
}
