using System.Collections.Frozen;

namespace EdgeAI.Onnx;

/// <summary>Operators that are known not to keep rows apart, and why.</summary>
internal static class MixingOperators
{
    private const string Random = "draws random numbers";
    private const string Ranges = "quantises by the range of the whole tensor, so that one row changes the others";
    private const string Counts = "makes as many elements as the values of all rows ask for";
    private const string Subgraph = "runs a subgraph, which is not followed; declare BatchAxes if the rows are independent";

    private static readonly FrozenDictionary<string, string> _reasons = new Dictionary<string, string>
    {
        ["RandomNormal"] = Random,
        ["RandomNormalLike"] = Random,
        ["RandomUniform"] = Random,
        ["RandomUniformLike"] = Random,
        ["Multinomial"] = Random,
        ["Bernoulli"] = Random,
        ["DynamicQuantizeLinear"] = Ranges,
        ["DynamicQuantizeMatMul"] = Ranges,
        ["DynamicQuantizeLSTM"] = Ranges,
        ["NonZero"] = Counts,
        ["NonMaxSuppression"] = Counts,
        ["Unique"] = Counts,
        ["Compress"] = Counts,
        ["If"] = Subgraph,
        ["Loop"] = Subgraph,
        ["Scan"] = Subgraph,
        ["SequenceMap"] = Subgraph,
    }.ToFrozenDictionary();

    /// <summary>Why the rows do not stay apart.</summary>
    public static string Describe(string opType) => _reasons.GetValueOrDefault(opType, "is an operator whose rows are not known to stay apart");

    /// <summary>Whether even equal inputs give other answers each time.</summary>
    public static bool IsRandom(OnnxNode node) => _reasons.GetValueOrDefault(node.OpType) == Random;
}
