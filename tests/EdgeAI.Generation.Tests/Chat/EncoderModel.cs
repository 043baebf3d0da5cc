using EdgeAI.Onnx;

namespace EdgeAI.Generation.Tests.Chat;

/// <summary>
/// A tiny encoder in ONNX: a token's vector is its row of a table, plus the mean row of the text's masked tokens (so that what is filled in would show where the mask is ignored).
/// </summary>
internal static class EncoderModel
{
    public const int Size = 4;

    public const int Vocabulary = 300;

    /// <summary>A row of the table.</summary>
    public static float[] Row(int token) => [token % 7, token % 5, token % 3, 1];

    /// <summary>What the model gives for a text's tokens, one vector each.</summary>
    public static float[][] Expected(int[] tokens)
    {
        var mean = Enumerable.Range(0, Size).Select(axis => tokens.Average(token => Row(token)[axis])).ToArray();
        return [.. tokens.Select(token => Enumerable.Range(0, Size).Select(axis => Row(token)[axis] + mean[axis]).ToArray())];
    }

    /// <summary>Writes it, with an input for segments or without.</summary>
    public static void Write(string path, bool segments = true)
    {
        var table = new float[Vocabulary * Size];
        for (var token = 0; token < Vocabulary; token++) Row(token).CopyTo(table, token * Size);
        List<OnnxNode> nodes =
        [
            new("Gather", ["table", "input_ids"], ["words"]),
            new("Cast", ["attention_mask"], ["mask"], OnnxAttribute.Int("to", 1)),
            new("Unsqueeze", ["mask", "last"], ["mask3"]),
            segments ? new("Cast", ["token_type_ids"], ["segment"], OnnxAttribute.Int("to", 1)) : new("Sub", ["mask", "mask"], ["segment"]),
            new("Unsqueeze", ["segment", "last"], ["segment3"]),
            new("Add", ["words", "segment3"], ["rows"]),
            new("Mul", ["rows", "mask3"], ["masked"]),
            new("ReduceSum", ["masked", "middle"], ["sum"]),
            new("ReduceSum", ["mask3", "middle"], ["count"]),
            new("Div", ["sum", "count"], ["mean"]),
            new("Add", ["rows", "mean"], ["last_hidden_state"]),
        ];
        List<string> inputs = ["input_ids", "attention_mask"];
        if (segments) inputs.Add("token_type_ids");
        var graph = new OnnxGraph(
            "encoder",
            [.. nodes],
            [.. inputs.Select(name => OnnxValueInfo.Tensor(name, TensorElementType.Int64, "texts", "tokens"))],
            [OnnxValueInfo.Tensor("last_hidden_state", TensorElementType.Float32, "texts", "tokens", Size)],
            OnnxTensor.Create<float>("table", table, Vocabulary, Size),
            OnnxTensor.Create<long>("last", [-1], 1),
            OnnxTensor.Create<long>("middle", [1], 1));
        OnnxWriter.Write(new OnnxModel(graph, 17) { IrVersion = 8 }, path);
    }
}
