using System.Text.Json.Nodes;

namespace EdgeAI.Generation.Tests.Building;

/// <summary>A small model with random weights: its checkpoint, and what it must answer.</summary>
internal sealed class SmallModel
{
    /// <summary>A prompt longer than every window and original context of the tests.</summary>
    public static int[] Prompt { get; } = [5, 81, 17, 2, 2, 44, 60, 7, 33, 80, 1, 29];

    private double[][]? _expected;

    private SmallModel(ReferenceDecoder reference, MemoryCheckpoint checkpoint)
    {
        Reference = reference;
        Checkpoint = checkpoint;
    }

    public ReferenceDecoder Reference { get; }

    public MemoryCheckpoint Checkpoint { get; }

    /// <summary>Makes a model.</summary>
    /// <param name="configuration">Its <c>config.json</c>.</param>
    /// <param name="reference">The same, for the reference.</param>
    /// <param name="isInterleaved">Whether query and key are stored in GGUF's order.</param>
    public static SmallModel Create(JsonObject configuration, ReferenceDecoder reference, bool isInterleaved = false)
    {
        var random = new Random(7);
        var checkpoint = new MemoryCheckpoint(configuration) { HasInterleavedRotaryRows = isInterleaved };
        foreach (var (name, lengths) in reference.Shapes())
        {
            var isNorm = name.Contains("norm", StringComparison.Ordinal);
            var spread = lengths.Length == 1 ? 0.3 : 1.5 / Math.Sqrt(lengths[1]);
            var values = new float[lengths.Aggregate(1, (product, length) => product * length)];
            for (var i = 0; i < values.Length; i++) values[i] = (float)((isNorm && !reference.IsGemma ? 1 : 0) + spread * (2 * random.NextDouble() - 1) * 1.7);
            checkpoint.Add(name, values, [.. lengths.Select(length => (long)length)]);
        }

        return new SmallModel(reference, checkpoint);
    }

    /// <summary>The same model with the rows of query and key as GGUF's converter leaves them: [heads, 2, half, in] becomes [heads, half, 2, in]. What it must answer stays.</summary>
    public SmallModel WithInterleavedRows()
    {
        var expected = Expect();
        foreach (var (name, weight) in Checkpoint.Weights.ToArray())
        {
            if (!name.Contains("q_proj", StringComparison.Ordinal) && !name.Contains("k_proj", StringComparison.Ordinal)) continue;
            var (rows, width) = weight.Lengths.Length == 1 ? ((int)weight.Columns, 1) : ((int)weight.Rows, (int)weight.Columns);
            var half = Reference.HeadSize / 2;
            var (from, to) = (Checkpoint.ValuesOf(name), new float[rows * width]);
            for (var row = 0; row < rows; row++)
            {
                var (head, element) = Math.DivRem(row, Reference.HeadSize);
                from.AsSpan(row * width, width).CopyTo(to.AsSpan((head * Reference.HeadSize + element % half * 2 + element / half) * width));
            }

            Checkpoint.Add(name, to, weight.Lengths.ToArray());
        }

        return new SmallModel(Reference, Checkpoint) { _expected = expected };
    }

    /// <summary>What the reference says, by position and token.</summary>
    public double[][] Expect() => _expected ?? Reference.Run(Prompt, ValuesOf);

    /// <summary>The weights, the embedding's as the output projection's where they are tied.</summary>
    public float[] ValuesOf(string name) => Checkpoint.ValuesOf(name == "lm_head.weight" && Reference.IsTied ? "model.embed_tokens.weight" : name);

    /// <summary>Logits of the built model for the whole prompt, computed in pieces.</summary>
    public static async Task<float[]> RunAsync(string folder, params int[] pieces)
    {
        await using var decoder = await RunningDecoder.OpenAsync(folder, capacity: 16);
        var logits = new List<float>();
        var past = 0;
        foreach (var piece in pieces)
        {
            logits.AddRange(await decoder.RunAsync(Prompt[past..(past + piece)], past));
            past += piece;
        }

        return [.. logits];
    }

    /// <summary>The largest difference of logits.</summary>
    public static double Distance(double[][] expected, float[] actual)
    {
        var all = expected.SelectMany(row => row).ToArray();
        Assert.HasCount(all.Length, actual);
        return all.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
    }
}
