namespace EdgeAI.Generation;

/// <summary>The metadata of a GGUF file by key. Immutable.</summary>
internal sealed class GgufMetadata(IReadOnlyDictionary<string, object> values, string modelId)
{
    public bool Contains(string key) => values.ContainsKey(key);

    public string? FindText(string key) => Find<string>(key, "a text");

    public bool? FindBool(string key) => values.TryGetValue(key, out var value) ? value as bool? ?? throw Unfit(key, "a truth value") : null;

    public double? FindNumber(string key) => values.TryGetValue(key, out var value)
        ? value switch { double number => number, long number => number, _ => throw Unfit(key, "a number") }
        : null;

    /// <summary>A whole number of 0 or more that fits an int.</summary>
    public int? FindCount(string key) => values.TryGetValue(key, out var value)
        ? value is long number and >= 0 and <= int.MaxValue ? (int)number : throw Unfit(key, $"a whole number from 0 to {int.MaxValue}")
        : null;

    public string[]? FindTexts(string key) => Find<string[]>(key, "an array of texts");

    public double[]? FindNumbers(string key) => Find<double[]>(key, "an array of floats");

    public long[]? FindIntegers(string key) => Find<long[]>(key, "an array of whole numbers");

    /// <exception cref="ModelLoadException">There is none.</exception>
    public int RequireCount(string key) => FindCount(key) ?? throw Missing(key);

    /// <exception cref="ModelLoadException">There is none.</exception>
    public double RequireNumber(string key) => FindNumber(key) ?? throw Missing(key);

    /// <exception cref="ModelLoadException">There is none.</exception>
    public string RequireText(string key) => FindText(key) ?? throw Missing(key);

    private T? Find<T>(string key, string expected)
        where T : class => values.TryGetValue(key, out var value) ? value as T ?? throw Unfit(key, expected) : null;

    private ModelLoadException Missing(string key) => new($"the GGUF file lacks the metadata '{key}'.", modelId);

    private ModelLoadException Unfit(string key, string expected) => new($"the GGUF file has metadata '{key}' that is not {expected}.", modelId);
}
