namespace EdgeAI.Samples.Voice;

/// <summary>Values from 0 to 1 as one line of text.</summary>
internal static class Sparkline
{
    private const string Levels = "▁▂▃▄▅▆▇█";

    /// <summary>The line; where there are more values than columns, a column shows the largest of its values.</summary>
    /// <param name="values">The values.</param>
    /// <param name="columns">The longest line allowed, 1 or more.</param>
    public static string Draw(ReadOnlySpan<float> values, int columns)
    {
        columns = Math.Min(columns, values.Length);
        var line = new char[columns];
        for (var column = 0; column < columns; column++)
        {
            var first = (int)((long)column * values.Length / columns);
            var end = (int)((long)(column + 1) * values.Length / columns);
            var largest = 0f;
            foreach (var value in values[first..end]) largest = Math.Max(largest, value);
            line[column] = Levels[Math.Clamp((int)(largest * Levels.Length), 0, Levels.Length - 1)];
        }

        return new string(line);
    }
}
