namespace NativeVm.Tool.Drawing;

/// <summary>A line of characters that rise and fall with values.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";
    private const string Letters = "_.-=+*%#";

    /// <summary>Draws values; each character tells the highest of its share of them.</summary>
    /// <param name="values">The values, not below 0.</param>
    /// <param name="highest">The value that is drawn highest.</param>
    /// <param name="width">Characters at most.</param>
    /// <param name="hasUnicode">Whether there are more characters than ASCII has.</param>
    public static string Draw(IReadOnlyList<double> values, double highest, int width, bool hasUnicode)
    {
        string marks = hasUnicode ? Blocks : Letters;
        int count = Math.Min(width, values.Count);
        return string.Create(Math.Max(0, count), (values, highest, marks), static (text, state) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                int first = i * state.values.Count / text.Length;
                int end = Math.Max(first + 1, (i + 1) * state.values.Count / text.Length);
                double value = Enumerable.Range(first, end - first).Max(index => state.values[index]);
                double share = state.highest > 0 ? Math.Clamp(value / state.highest, 0, 1) : 0;
                text[i] = state.marks[(int)Math.Round(share * (state.marks.Length - 1))];
            }
        });
    }
}
