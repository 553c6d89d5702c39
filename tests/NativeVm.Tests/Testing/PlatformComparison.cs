using NativeVm.Platform;
using NativeVm.Testing;
using Page = NativeVm.Tests.Testing.PageArrayModel.Page;

namespace NativeVm.Tests.Testing;

/// <summary>Makes random calls on a simulated platform and on an array of pages, and compares all they say.</summary>
internal sealed partial class PlatformComparison(int seed, SimulatedPlatform platform, PageArrayModel model, bool isPosix)
{
    public const nuint PageSize = 4096;

    private static readonly PageProtection[] Protections =
    [
        PageProtection.None, PageProtection.Read, PageProtection.ReadWrite, PageProtection.ReadExecute,
    ];

    private readonly Random _random = new(seed);
    private readonly int _pageCount = model.Pages.Length;
    private int _owners;

    public int Succeeded { get; private set; }

    public int Unlawful { get; private set; }

    public int Limited { get; private set; }

    public void Step()
    {
        (int first, int count) = RandomRange();
        (first, count) = WithinReservation(first, count);
        switch (_random.Next(18))
        {
            case 0 or 1:
                Reserve(count);
                break;
            case 2:
                ReserveAt(first, count);
                break;
            case 3:
                Release(first, count);
                break;
            case 4:
                ReleaseTail(first, count);
                break;
            case 5 or 6:
                Commit(first, count);
                break;
            case 7:
                Decommit(first, count);
                break;
            case 8:
                Purge(first, count);
                break;
            case 9:
                Protect(first, count);
                break;
            case 10:
                LockOrUnlock(first, count);
                break;
            case 11:
                Touch(first, count);
                break;
            case 12:
                Advise(first, count);
                break;
            case 13 or 14:
                MapOrUnmapObject(first, count);
                break;
            case 15 or 16:
                InstallOrRemoveGuard(first, count);
                break;
            default:
                PlaceOrRemoveForeign(first, count);
                break;
        }

        Compare(first, count);
    }

    private void Expect(
        bool isLawful, bool isAccepted, Func<SystemReply> call, int first, int count, Func<Page, Page> change)
    {
        if (!isLawful)
        {
            Assert.Throws<UnlawfulUseException>(() => call());
            Unlawful++;
            return;
        }

        SystemReply reply = call();
        if (!isAccepted)
        {
            Assert.True(reply.Reason is RefusalReason.InvalidRange or RefusalReason.NotSupported);
        }
        else if (model.TryChange(first, count, change))
        {
            Assert.True(reply.IsSuccess, reply.ToString());
            Succeeded++;
        }
        else
        {
            Assert.Equal(RefusalReason.MappingLimit, reply.Reason);
            Limited++;
        }
    }
}
