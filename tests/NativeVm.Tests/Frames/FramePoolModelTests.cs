using FsCheck;
using FsCheck.Fluent;
using NativeVm.Tests.Arenas;

namespace NativeVm.Tests.Frames;

/// <summary>Random operations, shrunk to the shortest list that fails.</summary>
public sealed class FramePoolModelTests
{
    private const nuint KiB = TestArenas.KiB;

    [Theory]
    [InlineData(4, false)]
    [InlineData(12, false)]
    [InlineData(64, false)]
    [InlineData(16, true)]
    public void A_pool_does_what_a_table_of_frames_does(int kibibytes, bool usesHugePages)
    {
        FramePoolOptions options = new() { FrameByteCount = (nuint)kibibytes * KiB, FrameCount = 200, UsesHugePages = usesHugePages };
        Prop.ForAll(ArbMap.Default.ArbFor<(byte, ushort)[]>(), operations => Run(options, operations))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40).WithEndSize(300));
        Random random = new(31);
        (byte, ushort)[] many = new (byte, ushort)[4000];
        for (int i = 0; i < many.Length; i++)
        {
            many[i] = ((byte)random.Next(256), (ushort)random.Next(65536));
        }

        Run(options, many);
    }

    private static void Run(FramePoolOptions options, (byte Kind, ushort Argument)[] operations)
    {
        using FramePool pool = new(options);
        Dictionary<uint, (byte Pattern, int Pins)> live = [];
        byte next = 0;
        foreach ((byte kind, ushort argument) in operations)
        {
            uint frame = argument % 200u;
            bool isLive = live.TryGetValue(frame, out (byte Pattern, int Pins) state);
            switch (kind % 16)
            {
                case < 6:
                    if (!pool.TryAllocate(out frame))
                    {
                        Assert.Equal(200, live.Count);
                        break;
                    }

                    Assert.Equal(-1, pool.GetSpan(frame).IndexOfAnyExcept((byte)0));
                    pool.GetSpan(frame).Fill(++next);
                    Assert.True(live.TryAdd(frame, (next, 0)));
                    break;
                case < 8:
                    Assert.Equal(isLive, pool.TryPin(frame));
                    if (isLive)
                    {
                        live[frame] = (state.Pattern, state.Pins + 1);
                    }

                    break;
                case < 10 when isLive && state.Pins > 0:
                    pool.Unpin(frame);
                    live[frame] = (state.Pattern, state.Pins - 1);
                    break;
                case < 14 when isLive:
                    Assert.Equal(-1, pool.GetSpan(frame).IndexOfAnyExcept(state.Pattern));
                    Assert.Equal(state.Pins == 0, kind % 2 == 0 ? pool.TryFree(frame) : pool.TryFreeAndGiveBack(frame));
                    if (state.Pins == 0)
                    {
                        live.Remove(frame);
                    }

                    break;
                case 14 when isLive:
                    Assert.Equal(state.Pins == 0, pool.GiveBack(frame, argument % 3 == 0));
                    if (state.Pins == 0)
                    {
                        live[frame] = (0, 0);
                    }

                    break;
                case 15:
                    pool.Trim(argument, argument % 2 == 0);
                    break;
                default:
                    break;
            }
        }

        foreach ((uint frame, (byte pattern, int pins)) in live)
        {
            Assert.Equal(-1, pool.GetSpan(frame).IndexOfAnyExcept(pattern));
            Assert.Equal((uint)pins, pool.GetPinCount(frame));
            for (int i = 0; i < pins; i++)
            {
                pool.Unpin(frame);
            }
        }

        Assert.Equal((nuint)live.Count, pool.GetStatistics().AllocatedCount);
        pool.Map.Validate();
    }
}
