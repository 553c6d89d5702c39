using System.Runtime.CompilerServices;
using NativeVm.Diagnostics;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Diagnostics;

public sealed class LiveInstancesTests
{
    [Fact]
    public void Any_sequence_of_additions_and_removals_lists_what_is_alive()
    {
        Random random = new(3);
        List<(FakeSource Source, InstanceTicket Ticket)> alive = [];
        for (int step = 0; step < 3000; step++)
        {
            if (random.Next(5) < 3)
            {
                FakeSource source = new($"{nameof(LiveInstancesTests)} {step}");
                alive.Add((source, LiveInstances.Add(source)));
            }
            else if (alive.Count > 0)
            {
                int index = random.Next(alive.Count);
                LiveInstances.Remove(alive[index].Ticket);
                LiveInstances.Remove(alive[index].Ticket);
                alive.RemoveAt(index);
            }

            if (step % 100 == 0)
            {
                HashSet<IUsageSource> listed = [.. LiveInstances.Snapshot().Where(static source => source is FakeSource)];
                Assert.All(alive, entry => Assert.Contains(entry.Source, listed));
            }
        }

        alive.ForEach(static entry => LiveInstances.Remove(entry.Ticket));
        Assert.DoesNotContain(LiveInstances.Snapshot(), source => alive.Any(entry => entry.Source == source));
    }

    [Fact]
    public void Who_watches_is_not_kept_by_a_map_whose_lock_is_held_for_ever()
    {
        const string Name = nameof(Who_watches_is_not_kept_by_a_map_whose_lock_is_held_for_ever);
        using VmMap map = new(new VmMapOptions { ByteCount = 1 << 20, Name = Name });
        map.Find(1 << 16, VmEntryAttributes.ReadWrite, out _).ThrowIfFailed();
        using SemaphoreSlim isHeld = new(0);
        using SemaphoreSlim isSeen = new(0);
        Thread thread = new(() =>
        {
            using VmMapLockScope scope = map.EnterWriteLock();
            isHeld.Release();
            isSeen.Wait();
        });
        thread.Start();
        isHeld.Wait();
        VmUsage usage = VmDiagnostics.GetInstances().Single(static instance => instance.Name == Name).Usage;
        isSeen.Release();
        thread.Join();
        Assert.Equal(((nuint?)(1 << 16), null), (usage.CommittedByteCount, usage.EntryCount));
        usage = VmDiagnostics.GetInstances().Single(static instance => instance.Name == Name).Usage;
        Assert.Equal((nuint)1, usage.EntryCount);
    }

    [Fact]
    public void An_old_ticket_does_not_remove_a_later_life_of_its_slot()
    {
        FakeSource first = new("first");
        InstanceTicket old = LiveInstances.Add(first);
        LiveInstances.Remove(old);
        FakeSource second = new("second");
        InstanceTicket ticket = LiveInstances.Add(second);
        LiveInstances.Remove(old);
        LiveInstances.Remove(default);
        Assert.Contains(second, LiveInstances.Snapshot());
        LiveInstances.Remove(ticket);
    }

    [Fact]
    public void Being_listed_keeps_nothing_alive()
    {
        WeakReference forgotten = AddAndForget();
        for (int i = 0; i < 10 && forgotten.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(forgotten.IsAlive);
        Assert.DoesNotContain(LiveInstances.Snapshot(), static source => source.Name == nameof(Being_listed_keeps_nothing_alive));
    }

    [Fact]
    public void Adding_and_removing_allocates_nothing_in_the_steady_state()
    {
        FakeSource source = new("steady");
        Assert.Equal(0, ManagedAllocations.Of(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                LiveInstances.Remove(LiveInstances.Add(source));
            }
        }));
    }

    [Fact]
    public void Diagnostics_list_a_map_and_its_submap()
    {
        using VmMap map = new(new VmMapOptions { ByteCount = 1 << 20, Name = nameof(Diagnostics_list_a_map_and_its_submap) });
        Assert.True(map.FindSubmap(1 << 16, 1, out VmMap? submap).IsSuccess);
        using (submap)
        {
            string[] kinds = [.. Mine(map.Name).Select(static instance => instance.Kind)];
            Assert.Equal(["map", "submap"], kinds.Order());
            VmUsage usage = Mine(map.Name).Single(static instance => instance.Kind == "submap").Usage;
            Assert.Equal((nuint)(1 << 16), usage.ReservedByteCount);
            Assert.Equal((nuint)0, usage.CommittedByteCount);
        }

        Assert.Single(Mine(map.Name));
    }

    private static IEnumerable<VmInstanceUsage> Mine(string name) =>
        VmDiagnostics.GetInstances().Where(instance => instance.Name == name);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference AddAndForget()
    {
        FakeSource source = new(nameof(Being_listed_keeps_nothing_alive));
        _ = LiveInstances.Add(source);
        return new WeakReference(source);
    }
}
