using System.Diagnostics.Metrics;

namespace NativeVm.Tests.Diagnostics;

public sealed class MeterTests
{
    private const nuint MiB = 1 << 20;

    [Fact]
    public void The_meter_tells_what_a_map_of_a_name_holds()
    {
        using VmMap map = new(new VmMapOptions { ByteCount = 16 * MiB, Name = nameof(The_meter_tells_what_a_map_of_a_name_holds) });
        Assert.True(map.Find(2 * MiB, VmEntryAttributes.ReadWrite, out nuint address).IsSuccess);
        Assert.True(map.Find(MiB, VmEntryAttributes.Reserved, out _).IsSuccess);
        unsafe
        {
            new Span<byte>((void*)address, (int)MiB).Fill(1);
        }

        Dictionary<string, long> figures = Measure(map.Name);
        Assert.Equal((long)(16 * MiB), figures["nativevm.reserved"]);
        Assert.Equal((long)(2 * MiB), figures["nativevm.committed"]);
        Assert.Equal((long)(3 * MiB), figures["nativevm.allocated"]);
        Assert.Equal(2, figures["nativevm.entries"]);
        Assert.InRange(figures["nativevm.resident"], (long)MiB, (long)(2 * MiB));
        Assert.Equal((long)map.GetStatistics().MappingCount, figures.GetValueOrDefault("nativevm.mappings"));
    }

    [Fact]
    public void A_disposed_map_is_no_longer_reported()
    {
        VmMap map = new(new VmMapOptions { ByteCount = MiB, Name = nameof(A_disposed_map_is_no_longer_reported) });
        Assert.NotEmpty(Measure(map.Name));
        map.Dispose();
        Assert.Empty(Measure(map.Name));
    }

    [Fact]
    public void Every_instrument_has_a_unit_and_a_description()
    {
        using VmMap map = new(new VmMapOptions { ByteCount = MiB });
        List<Instrument> instruments = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, _) => AddIfOurs(instruments, instrument),
        };
        listener.Start();
        Assert.Equal(7, instruments.Count);
        Assert.All(instruments, static instrument => Assert.False(
            string.IsNullOrEmpty(instrument.Unit) || string.IsNullOrEmpty(instrument.Description)));
    }

    private static void AddIfOurs(List<Instrument> instruments, Instrument instrument)
    {
        if (instrument.Meter.Name == VmDiagnostics.MeterName)
        {
            instruments.Add(instrument);
        }
    }

    private static Dictionary<string, long> Measure(string name)
    {
        Dictionary<string, long> figures = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == VmDiagnostics.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, figure, tags, _) =>
        {
            if (TagOf(tags, VmDiagnostics.NameTag) == name && TagOf(tags, VmDiagnostics.KindTag) == "map")
            {
                figures[instrument.Name] = figure;
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return figures;
    }

    private static string? TagOf(ReadOnlySpan<KeyValuePair<string, object?>> tags, string key)
    {
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            if (tag.Key == key)
            {
                return tag.Value as string;
            }
        }

        return null;
    }
}
