namespace EdgeAI.Onnx;

/// <summary>
/// Ranges of attributes outside which native kernels end or stall the process instead of reporting an error: they divide,
/// index and loop by them unchecked. Each was seen with ONNX Runtime 1.31.1 on a CPU; what that reports by itself is not listed.
/// Values that are computed, or given as tensors, cannot be judged here.
/// </summary>
internal static class AttributeLimits
{
    private const string AnyOperator = "";
    private const long MaxHeads = 65_535;
    private const long MaxElements = 1 << 24;

    private static readonly Dictionary<(string OpType, string Attribute), Func<OnnxNode, Limit>> _limits = new()
    {
        [(AnyOperator, "group")] = _ => new(1, int.MaxValue),
        [(AnyOperator, "kernel_shape")] = _ => new(1, MaxElements, MaxProduct: MaxElements),
        [(AnyOperator, "blocksize")] = _ => new(1, short.MaxValue),
        [("Attention", "q_num_heads")] = _ => new(1, MaxHeads),
        [("Attention", "kv_num_heads")] = _ => new(1, MaxHeads),
        [("FeatureVectorizer", "inputdimensions")] = _ => new(0, MaxElements),
        [("GatherND", "batch_dims")] = _ => new(0, int.MaxValue),
        [("GroupQueryAttention", "num_heads")] = _ => new(1, MaxHeads),
        [("GroupQueryAttention", "kv_num_heads")] = _ => new(1, MaxHeads),
        [("MaxRoiPool", "pooled_shape")] = _ => new(1, MaxElements, MaxProduct: MaxElements),
        [("RandomNormal", "scale")] = _ => new(float.Epsilon, float.MaxValue),
        [("RandomNormal", "shape")] = _ => new(0, int.MaxValue, MaxProduct: int.MaxValue),
        [("RandomNormalLike", "scale")] = _ => new(float.Epsilon, float.MaxValue),
        [("RandomUniform", "low")] = node => new(-float.MaxValue, FloatOf(node, "high", absent: 1)),
        [("RandomUniform", "high")] = node => new(FloatOf(node, "low", absent: 0), float.MaxValue),
        [("RandomUniform", "shape")] = _ => new(0, int.MaxValue, MaxProduct: int.MaxValue),
        [("RandomUniformLike", "low")] = node => new(-float.MaxValue, FloatOf(node, "high", absent: 1)),
        [("RandomUniformLike", "high")] = node => new(FloatOf(node, "low", absent: 0), float.MaxValue),
        [("RoiAlign", "sampling_ratio")] = _ => new(0, short.MaxValue),
        [("Scan", "num_scan_inputs")] = node => new(1, node.Inputs.Length),
        [("Split", "num_outputs")] = node => new(node.Outputs.Length, node.Outputs.Length),
        [("TfIdfVectorizer", "max_skip_count")] = _ => new(0, MaxElements),
        [("TfIdfVectorizer", "ngram_indexes")] = _ => new(0, MaxElements),
    };

    private readonly record struct Limit(double Min, double Max, double MaxProduct = double.MaxValue);

    /// <summary>The first attribute out of its range, as the end of a sentence; <see langword="null"/> where there is none.</summary>
    public static string? FindProblem(OnnxNode node)
    {
        foreach (var attribute in node.Attributes)
        {
            if (FindProblem(node, attribute.Name, attribute) is { } problem) return problem;
        }

        return null;
    }

    /// <summary>Whether the attribute of that name has a range.</summary>
    public static bool IsLimited(OnnxNode node, string name) => Find(node, name) is not null;

    /// <summary>What is wrong with a value for the attribute of that name, as the end of a sentence; <see langword="null"/> where nothing is.</summary>
    public static string? FindProblem(OnnxNode node, string name, OnnxAttribute value)
    {
        if (value.ReferenceName is not null || Find(node, name) is not { } find) return null;
        var limit = find(node);
        double product = 1;
        foreach (var number in NumbersOf(value))
        {
            if (!(number >= limit.Min && number <= limit.Max)) return $"{name} = {number}; expected {limit.Min} to {limit.Max}";
            product *= number;
        }

        return product > limit.MaxProduct ? $"{name} whose values multiply to {product}; expected at most {limit.MaxProduct}" : null;
    }

    private static Func<OnnxNode, Limit>? Find(OnnxNode node, string name) =>
        IsNative(OnnxDomains.Normalize(node.Domain)) ? _limits.GetValueOrDefault((node.OpType, name)) ?? _limits.GetValueOrDefault((AnyOperator, name)) : null;

    // An operator or function of the model's own may mean something else by the same name.
    private static bool IsNative(string domain) =>
        domain.Length == 0 || domain.StartsWith("ai.onnx", StringComparison.Ordinal) || domain.StartsWith(OnnxDomains.Microsoft, StringComparison.Ordinal);

    private static double FloatOf(OnnxNode node, string name, float absent) =>
        node.FindAttribute(name) is { Type: OnnxAttributeType.Float, ReferenceName: null } attribute ? attribute.AsFloat() : absent;

    private static IEnumerable<double> NumbersOf(OnnxAttribute attribute) => attribute.Type switch
    {
        OnnxAttributeType.Int => [attribute.AsInt()],
        OnnxAttributeType.Float => [attribute.AsFloat()],
        OnnxAttributeType.Ints => attribute.AsInts().Select(number => (double)number),
        _ => [],
    };
}
