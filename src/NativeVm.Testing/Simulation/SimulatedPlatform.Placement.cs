using NativeVm.Platform;

namespace NativeVm.Testing;

// Inheritance, placeholders, explicit huge pages and memory nodes.
public sealed partial class SimulatedPlatform
{
    /// <inheritdoc/>
    public override int NumaNodeCount => _options.NumaNodeCount;

    /// <inheritdoc/>
    public override bool Supports(PageInheritance inheritance, MappingSharing sharing) =>
        inheritance <= PageInheritance.None
        && (!SpansReservations
            || (Supports(PageAdvice.ExcludeFromFork)
                && (inheritance == PageInheritance.None
                    || (inheritance == PageInheritance.Share) == (sharing == MappingSharing.Shared))));

    /// <inheritdoc/>
    protected override SystemReply SetInheritanceCore(
        nuint address, nuint byteCount, PageInheritance inheritance, MappingSharing sharing)
    {
        lock (_gate)
        {
            RequireReserved(SystemOperation.SetInheritance, address, byteCount);
            int other = _inRange.FindIndex(run => run.Attributes.IsShared != (sharing == MappingSharing.Shared));
            if (other >= 0)
            {
                ThrowUnlawful(
                    SystemOperation.SetInheritance, address, byteCount, $"{PagesOf(_inRange[other])} are not {sharing}");
            }

            if (!Supports(inheritance, sharing))
            {
                return Refuse(SystemOperation.SetInheritance, address, byteCount, RefusalReason.NotSupported);
            }

            if (!SpansReservations)
            {
                return SystemReply.Success;
            }

            CountSystemCall();
            PageAdvice advice = inheritance == PageInheritance.None
                ? PageAdvice.ExcludeFromFork
                : PageAdvice.IncludeInFork;
            return Edit(SystemOperation.SetInheritance, address, byteCount, run => Advised(run, advice));
        }
    }

    /// <inheritdoc/>
    protected override SystemReply ReservePlaceholderCore(nuint byteCount, in Placement placement, out nuint address)
    {
        lock (_gate)
        {
            CountSystemCall();
            address = 0;
            nuint place = 0;
            RefusalReason reason = Supports(PlatformCapabilities.Placeholders)
                ? FindPlace(byteCount, placement, out place)
                : RefusalReason.NotSupported;
            return reason == RefusalReason.None
                ? Take(
                    SystemOperation.ReservePlaceholder,
                    place,
                    byteCount,
                    ReservationKind.Placeholder,
                    RunAttributes.Reserved(0),
                    out address)
                : Refuse(
                    SystemOperation.ReservePlaceholder,
                    placement.IsExact ? placement.LowestAddress : 0,
                    byteCount,
                    reason);
        }
    }

    /// <inheritdoc/>
    protected override SystemReply CommitHugePagesCore(
        nuint address, nuint byteCount, PageProtection protection, RangeTraits traits)
    {
        lock (_gate)
        {
            RequireReplaceable(SystemOperation.CommitHugePages, address, byteCount);
            CountSystemCall();
            if (HugePageSize == 0 || !Supports(PlatformCapabilities.Placeholders))
            {
                return Refuse(SystemOperation.CommitHugePages, address, byteCount, RefusalReason.NotSupported);
            }

            protection = Effective(protection);
            return Edit(
                SystemOperation.CommitHugePages,
                address,
                byteCount,
                run => new RunAttributes
                {
                    Owner = run.Owner,
                    State = PageState.Committed,
                    Protection = protection,
                    Traits = traits,
                    Backing = new() { IsHuge = true },
                });
        }
    }

    /// <inheritdoc/>
    protected override SystemReply SetPreferredNodeCore(nuint address, nuint byteCount, int node)
    {
        lock (_gate)
        {
            RequireReserved(SystemOperation.SetPreferredNode, address, byteCount);
            if (!Supports(PlatformCapabilities.PreferredNode))
            {
                return Refuse(SystemOperation.SetPreferredNode, address, byteCount, RefusalReason.NotSupported);
            }

            CountSystemCall();
            return Edit(
                SystemOperation.SetPreferredNode,
                address,
                byteCount,
                run => run with { Backing = run.Backing with { NodePlusOne = node + 1 } });
        }
    }
}
