using System.Globalization;

namespace EdgeAI.Generation;

/// <summary>Where a decoder's tensors are in its session's signature. Immutable.</summary>
internal sealed record DecoderLayout
{
    /// <summary>The optional input that tells how many of the last positions get logits. Ours: other builders' models lack it.</summary>
    public const string LogitsToKeep = "logits_to_keep";

    public required int InputIds { get; init; }

    public required int AttentionMask { get; init; }

    /// <summary><see langword="null"/> where the model counts positions by itself.</summary>
    public required int? PositionIds { get; init; }

    /// <summary><see langword="null"/> where the number is fixed.</summary>
    public required int? LogitCount { get; init; }

    public required int Logits { get; init; }

    /// <summary>The element type of the logits: 32-bit floats, or 16-bit ones from models that were built for graphics cards.</summary>
    public required TensorElementType LogitsType { get; init; }

    /// <summary>Which positions get logits where the number is fixed.</summary>
    public required bool HasLogitsOfLastOnly { get; init; }

    /// <summary>Inputs by layer, key before value.</summary>
    public required IReadOnlyList<int> Past { get; init; }

    /// <summary>Outputs by layer, key before value.</summary>
    public required IReadOnlyList<int> Present { get; init; }

    /// <summary>The element type of the key-value cache.</summary>
    public required TensorElementType CacheType { get; init; }

    /// <summary>The vocabulary as the graph declares it; <see langword="null"/> where it does not.</summary>
    public required int? VocabularySize { get; init; }

    /// <summary>Looks the tensors up by their names.</summary>
    /// <exception cref="ModelLoadException">One is missing, of another type or shape, or there is one that nobody would fill.</exception>
    public static DecoderLayout Find(ModelSignature signature, DecoderConfiguration configuration, string modelId)
    {
        var problems = new List<string>();
        var inputs = Names(signature.Inputs);
        var outputs = Names(signature.Outputs);
        var asked = new HashSet<int>();
        int[] past = [.. Layers(configuration, configuration.PastKeys, configuration.PastValues).Select(name => Input(name, "past keys or values"))];
        int[] present = [.. Layers(configuration, configuration.PresentKeys, configuration.PresentValues).Select(name => Output(name, "present keys or values"))];
        var layout = new DecoderLayout
        {
            InputIds = Input(configuration.InputIds, "token ids"),
            AttentionMask = Input(configuration.AttentionMask, "the attention mask"),
            PositionIds = Optional(configuration.PositionIds),
            LogitCount = Optional(LogitsToKeep),
            Logits = Output(configuration.Logits, "logits"),
            Past = past,
            Present = present,
            LogitsType = TensorElementType.Float32,
            HasLogitsOfLastOnly = false,
            CacheType = TensorElementType.Float32,
            VocabularySize = null,
        };
        var others = signature.Inputs.Where((_, index) => !asked.Contains(index)).ToArray();
        if (others.Length > 0) problems.Add($"it asks for {string.Join(", ", others.Select(input => $"'{input.Name}'"))}, which no decoder of text has");
        if (problems.Count > 0) throw Refused(problems, modelId);

        ExpectType(signature.Inputs[layout.InputIds], TensorElementType.Int64);
        ExpectType(signature.Inputs[layout.AttentionMask], TensorElementType.Int64);
        if (layout.PositionIds is { } positions) ExpectType(signature.Inputs[positions], TensorElementType.Int64);
        if (layout.LogitCount is { } count) ExpectType(signature.Inputs[count], TensorElementType.Int64);
        var logits = signature.Outputs[layout.Logits];
        if (logits.ElementType is not (TensorElementType.Float32 or TensorElementType.Float16)) problems.Add($"'{logits.Name}' holds {logits.ElementType.ToName()}; float32 or float16 is needed");
        if (logits.HasRank && logits.Lengths.Length != 3) problems.Add($"'{logits.Name}' has {logits.Lengths.Length} axes instead of batch, sequence and vocabulary");
        var cacheType = signature.Inputs[past[0]].ElementType;
        if (cacheType is not (TensorElementType.Float32 or TensorElementType.Float16 or TensorElementType.BFloat16 or TensorElementType.Int8 or TensorElementType.UInt8)) problems.Add($"its key-value cache holds {cacheType.ToName()}, which is not supported");
        foreach (var index in past) ExpectCache(signature.Inputs[index]);
        foreach (var index in present) ExpectCache(signature.Outputs[index]);
        if (problems.Count > 0) throw Refused(problems, modelId);
        var vocabulary = logits.HasRank && logits.Lengths[2] > 0 ? (int?)logits.Lengths[2] : null;
        return layout with { CacheType = cacheType, LogitsType = logits.ElementType, VocabularySize = vocabulary, HasLogitsOfLastOnly = logits.HasRank && logits.Lengths[1] == 1 };

        int Input(string name, string what) => Index(inputs, name, $"input '{name}' for {what}", asked);

        int Output(string name, string what) => Index(outputs, name, $"output '{name}' for {what}", null);

        int Index(Dictionary<string, int> names, string name, string what, HashSet<int>? found)
        {
            if (names.TryGetValue(name, out var index))
            {
                found?.Add(index);
                return index;
            }

            problems.Add($"it has no {what}");
            return 0;
        }

        int? Optional(string name)
        {
            if (!inputs.TryGetValue(name, out var index)) return null;
            asked.Add(index);
            return index;
        }

        void ExpectType(TensorSpec spec, TensorElementType type)
        {
            if (spec.ElementType != type) problems.Add($"'{spec.Name}' holds {spec.ElementType.ToName()}; {type.ToName()} is needed");
        }

        void ExpectCache(TensorSpec spec)
        {
            ExpectType(spec, cacheType);
            if (!spec.HasRank) return;
            var lengths = spec.Lengths;
            if (lengths.Length == 4 && Fits(lengths[1], configuration.KeyValueHeads) && Fits(lengths[3], configuration.HeadSize)) return;
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"'{spec.Name}' is {TensorShape.Format(lengths, spec.LengthNames)} instead of [batch,{configuration.KeyValueHeads},length,{configuration.HeadSize}]"));
        }
    }

    private static bool Fits(nint length, int expected) => length == -1 || length == expected;

    private static IEnumerable<string> Layers(DecoderConfiguration configuration, string keys, string values)
    {
        for (var layer = 0; layer < configuration.Layers; layer++)
        {
            var number = layer.ToString(CultureInfo.InvariantCulture);
            yield return keys.Replace("%d", number, StringComparison.Ordinal);
            yield return values.Replace("%d", number, StringComparison.Ordinal);
        }
    }

    private static Dictionary<string, int> Names(IReadOnlyList<TensorSpec> specs) => specs.Index().ToDictionary(spec => spec.Item.Name, spec => spec.Index, StringComparer.Ordinal);

    private static ModelLoadException Refused(List<string> problems, string modelId) =>
        new($"the graph does not fit {DecoderConfigurationFile.Name}: {string.Join("; ", problems.Take(8))}{(problems.Count > 8 ? $"; and {problems.Count - 8} more" : "")}.", modelId);
}
