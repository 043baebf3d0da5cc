using System.Collections.Immutable;

namespace EdgeAI.Generation;

/// <summary>Which layers of a Qwen model see a window only: as <c>layer_types</c> says, or those from <c>max_window_layers</c> on.</summary>
internal static class LayerWindows
{
    private const string Sliding = "sliding_attention";

    public static ImmutableArray<int?> Read(ConfigReader config, int layers)
    {
        var window = config.OptionalBool("use_sliding_window") == true ? config.OptionalInt("sliding_window") : null;
        if (Types(config, layers) is { } types) return [.. types.Select(type => type == Sliding ? window : null)];
        var first = config.OptionalInt("max_window_layers") ?? 0;
        return [.. Enumerable.Range(0, layers).Select(layer => layer >= first ? window : null)];
    }

    /// <summary>The kinds of the layers; <see langword="null"/> where the configuration does not list them.</summary>
    public static ImmutableArray<string>? Types(ConfigReader config, int layers)
    {
        if (config.OptionalTexts("layer_types") is not { } types) return null;
        if (types.Length != layers) config.Note($"layer_types names {types.Length} layers; num_hidden_layers is {layers}");
        foreach (var type in types.Where(type => type is not (Sliding or "full_attention")).Distinct()) config.Note($"layers of type '{type}' are not supported");
        return types;
    }
}
