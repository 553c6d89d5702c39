namespace NativeVm.Testing;

/// <summary>
/// Sums over a sequence of runs. Those of an edit's runs before and after give the sums of the whole space.
/// </summary>
internal struct RunTotals
{
    public nuint ReservedByteCount;
    public nuint CommittedByteCount;
    public nuint LockedByteCount;
    public nuint ResidentByteCount;
    public nuint ForeignByteCount;
    public nuint MappedByteCount;
    public nuint HugeByteCount;
    public nuint MappingCount;

    public void Add(in Run run)
    {
        nuint byteCount = run.ByteCount;
        if (run.Attributes.IsForeign)
        {
            ForeignByteCount += byteCount;
        }
        else if (run.Attributes.IsOurs)
        {
            ReservedByteCount += byteCount;
            bool isObject = run.Attributes.Backing.IsObject;
            MappedByteCount += isObject ? byteCount : 0;
            CommittedByteCount += run.Attributes.IsCommitted && !isObject ? byteCount : 0;
            HugeByteCount += run.Attributes.Backing.IsHuge ? byteCount : 0;
            LockedByteCount += run.Attributes.IsLocked ? byteCount : 0;
            ResidentByteCount += run.Attributes.IsResident ? byteCount : 0;
        }
    }

    /// <summary>
    /// The sums after a part that summed up to <paramref name="before"/> sums up to <paramref name="after"/>.
    /// </summary>
    /// <remarks>Subtraction comes first: the part is contained in the whole, so nothing wraps.</remarks>
    public readonly RunTotals Exchange(in RunTotals before, in RunTotals after) => new()
    {
        ReservedByteCount = ReservedByteCount - before.ReservedByteCount + after.ReservedByteCount,
        CommittedByteCount = CommittedByteCount - before.CommittedByteCount + after.CommittedByteCount,
        LockedByteCount = LockedByteCount - before.LockedByteCount + after.LockedByteCount,
        ResidentByteCount = ResidentByteCount - before.ResidentByteCount + after.ResidentByteCount,
        MappedByteCount = MappedByteCount - before.MappedByteCount + after.MappedByteCount,
        HugeByteCount = HugeByteCount - before.HugeByteCount + after.HugeByteCount,
        ForeignByteCount = ForeignByteCount - before.ForeignByteCount + after.ForeignByteCount,
        MappingCount = MappingCount - before.MappingCount + after.MappingCount,
    };
}
