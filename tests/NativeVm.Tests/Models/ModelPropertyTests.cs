using FsCheck;
using FsCheck.Fluent;
using NativeVm.Platform;
using NativeVm.Tests.Memory;
using NativeVm.Tests.Objects;
using NativeVm.Tests.Soak;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Models;

/// <summary>
/// Any sequence of operations on each kind of memory, over real pages, beside a model: everything live keeps its pattern,
/// what should be zero is, and nothing is left at the end. A sequence that fails is shrunk.
/// </summary>
public sealed class ModelPropertyTests
{
    private const nuint MiB = 1 << 20;
    private const int BlockCount = 40;

    private static readonly Dictionary<string, Action<ScriptedRandom>> Models = new()
    {
        ["map"] = static random =>
        {
            using VmMap map = new(new VmMapOptions { ByteCount = 2 * MiB, IsGrowable = true });
            Drive(random, new MapSubject(map, new SoakExchange(4), BlockCount));
            map.Validate();
        },
        ["pages"] = static random =>
        {
            using PageAllocator pages = new(new PageAllocatorOptions { RetainHighMark = MiB, TrimsInBackground = false });
            Drive(random, new PageSubject(pages, new SoakExchange(4), BlockCount));
            pages.Validate();
        },
        ["heap"] = static random => DriveHeap(random, VmHeapHardening.None),
        ["hardened heap"] = static random => DriveHeap(random, VmHeapHardening.All),
        ["frames"] = static random =>
        {
            using FramePool frames = new(new FramePoolOptions
            {
                FrameByteCount = nuint.Max(8 << 10, VmPlatform.Current.PageSize),
                FrameCount = 64,
            });
            Drive(random, new FrameSubject(frames, BlockCount));
        },
        ["arena"] = static random => Drive(random, new ArenaSubject()),
        ["blocks"] = static random => Drive(random, new PoolSubject(48)),
        ["array"] = static random => Drive(random, new ArraySubject()),
        ["rentals"] = static random =>
        {
            using VmMemoryPool<byte> pool = new(new VmMemoryPoolOptions());
            Drive(random, new RentalSubject(pool, BlockCount));
            Assert.Equal((nuint)0, pool.GetStatistics().RentedCount);
        },
        ["stream"] = static random => VmStreamTests.CompareWithModel(random, () => !random.IsAtEnd),
        ["writer"] = static random => VmBufferWriterTests.CompareWithModel(random, () => !random.IsAtEnd),
    };

    private static readonly Dictionary<string, Action<ScriptedRandom>> ObjectModels = new()
    {
        ["mirrored buffer"] = static random => Drive(random, new RingSubject()),
        ["snapshots"] = static random =>
        {
            using SnapshotModel model = new(VmPlatform.Current, MiB, random);
            while (!random.IsAtEnd)
            {
                model.Step();
            }

            model.VerifyAll();
        },
    };

    public static TheoryData<string> Kinds => [.. Models.Keys];

    public static TheoryData<string> ObjectKinds => [.. ObjectModels.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Any_sequence_of_operations_does_what_the_model_does(string kind) => Check(Models[kind]);

    [CapabilityTheory(Needs.SharedMemoryObjects)]
    [MemberData(nameof(ObjectKinds))]
    public void Any_sequence_of_operations_on_objects_does_what_the_model_does(string kind) => Check(ObjectModels[kind]);

    [CapabilityFact(Needs.SharedMemoryObjects | Needs.Posix)]
    public void Any_sequence_of_operations_on_a_persistent_arena_keeps_what_was_allocated() =>
        Check(static random => Drive(random, new PersistentSubject()));

    private static void Check(Action<ScriptedRandom> model) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), numbers => model(new ScriptedRandom(numbers)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Wine.IsHere ? 15 : 60).WithStartSize(10).WithEndSize(1000));

    private static void DriveHeap(ScriptedRandom random, VmHeapHardening hardening)
    {
        using VmHeap heap = new(new VmHeapOptions { Hardening = hardening });
        Drive(random, new HeapSubject(heap, new SoakExchange(4), BlockCount));
        heap.Validate();
    }

    private static void Drive(ScriptedRandom random, SoakSubject subject)
    {
        using (subject)
        {
            while (!random.IsAtEnd)
            {
                subject.Step(random);
            }

            subject.Verify();
            subject.Renew();
        }
    }
}
