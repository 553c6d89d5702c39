using System.Globalization;

namespace NativeVm.Tool.Reports;

/// <summary>Numbers for people: three digits that matter, and a unit.</summary>
internal static class Quantity
{
    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>A number of bytes: <c>4 KiB</c>, <c>186 MiB</c>, <c>1.35 GiB</c>.</summary>
    /// <param name="byteCount">The number.</param>
    public static string Bytes(ulong byteCount)
    {
        double value = byteCount;
        int unit = 0;
        while (value >= 999.5 && unit < ByteUnits.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return $"{Digits(value)} {ByteUnits[unit]}";
    }

    /// <summary>A difference of bytes, with its sign: <c>+120 KiB</c>, <c>-4 KiB</c>, <c>0 B</c>.</summary>
    /// <param name="byteCount">The difference.</param>
    public static string SignedBytes(long byteCount)
    {
        string sign = byteCount > 0 ? "+" : byteCount < 0 ? "-" : string.Empty;
        return sign + Bytes((ulong)Math.Abs((decimal)byteCount));
    }

    /// <summary>A time: <c>845 ns</c>, <c>12.3 µs</c>, <c>1.27 s</c>.</summary>
    /// <param name="nanoseconds">The time.</param>
    public static string Time(double nanoseconds) => nanoseconds switch
    {
        < 999.5 => $"{Digits(nanoseconds)} ns",
        < 999.5e3 => $"{Digits(nanoseconds / 1e3)} µs",
        < 999.5e6 => $"{Digits(nanoseconds / 1e6)} ms",
        _ => $"{Digits(nanoseconds / 1e9)} s",
    };

    /// <summary>A time: <c>845 ns</c>, <c>12.3 µs</c>, <c>1.27 s</c>.</summary>
    /// <param name="time">The time.</param>
    public static string Time(TimeSpan time) => Time(time.TotalNanoseconds);

    /// <summary>A whole number with its thousands set apart: <c>1,013</c>.</summary>
    /// <param name="count">The number.</param>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A difference with its sign: <c>+3</c>, <c>-1</c>, <c>0</c>.</summary>
    /// <param name="count">The difference.</param>
    public static string SignedCount(long count) => count.ToString("+#,0;-#,0;0", CultureInfo.InvariantCulture);

    /// <summary>A whole number and the noun that goes with it: <c>1 process</c>, <c>41 processes</c>.</summary>
    /// <param name="count">The number.</param>
    /// <param name="one">The noun for one.</param>
    /// <param name="many">The noun for any other number; null to add an s.</param>
    public static string Count(long count, string one, string? many = null) =>
        $"{Count(count)} {(count == 1 ? one : many ?? one + "s")}";

    /// <summary>A share: <c>37.5 %</c>.</summary>
    /// <param name="share">The share, from 0 to 1.</param>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %");

    /// <summary>
    /// How many times one figure is another: <c>0.42 x</c>, <c>18.3 x</c>, <c>0.008 x</c>; a dash when there is no
    /// telling.
    /// </summary>
    /// <param name="figure">The figure.</param>
    /// <param name="other">What it is measured by.</param>
    public static string Ratio(double figure, double other) =>
        (figure / other) switch
        {
            double.NaN or double.PositiveInfinity or double.NegativeInfinity => "-",
            > 0 and < 0.0005 => "<0.001 x",
            > 0 and < 0.0995 => string.Create(CultureInfo.InvariantCulture, $"{figure / other:0.000} x"),
            _ => $"{Digits(figure / other, isMeasured: true)} x",
        };

    // What is whole is exact and stands without decimals, unless it is measured, and so not exact.
    private static string Digits(double value, bool isMeasured = false)
    {
        int decimals = !isMeasured && value == Math.Floor(value) ? 0 : value switch
        {
            >= 99.95 => 0,
            >= 9.995 => 1,
            _ => 2,
        };
        return value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }
}
