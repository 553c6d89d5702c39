using NativeVm.Testing;

namespace NativeVm.Tests.Harness.Maps;

/// <summary>Makes a map so full of small entries that the next one needs memory for records.</summary>
internal static class UsedRecords
{
    /// <summary>Fills.</summary>
    /// <param name="platforms">The map's.</param>
    /// <param name="map">The map.</param>
    /// <param name="start">Where there is room for entries.</param>
    /// <param name="end">Where it ends; more of it is there than records.</param>
    public static void UseUp(FaultPlatforms platforms, VmMap map, nuint start, nuint end)
    {
        platforms.Pages.Arm(FaultPlan.When(static call => call.Source == "metadata"));
        VmResult result = VmResult.Success;
        for (nuint address = start; result.IsSuccess; address += map.PageSize)
        {
            Assert.True(address < end, "Records run out before the room for entries does.");
            result = map.FindFixed(address, map.PageSize, VmEntryAttributes.Reserved with { Tag = address });
        }

        Assert.Equal(VmResult.ResourceShortage, result);
        platforms.Pages.Disarm();
    }
}
