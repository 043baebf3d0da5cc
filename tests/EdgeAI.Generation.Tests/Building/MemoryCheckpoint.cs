using System.Text.Json.Nodes;

namespace EdgeAI.Generation.Tests.Building;

/// <summary>A checkpoint in memory.</summary>
internal sealed class MemoryCheckpoint(JsonObject configuration) : ICheckpoint
{
    private readonly Dictionary<string, Weight> _weights = new(StringComparer.Ordinal);

    public string Location => "checkpoint in memory";

    public JsonObject Configuration => configuration;

    public IReadOnlyDictionary<string, Weight> Weights => _weights;

    public bool HasInterleavedRotaryRows { get; init; }

    /// <summary>Called when the tokenizer's files are written.</summary>
    public Action<string>? OnTokenizerFiles { get; init; }

    public void Add(string name, float[] values, params long[] lengths) => _weights[name] = new MemoryWeight(name, values, lengths);

    /// <summary>Makes a weight end early when it is read.</summary>
    public void Break(string name) => _weights[name] = new BrokenWeight(_weights[name]);

    public void Remove(string name) => _weights.Remove(name);

    public float[] ValuesOf(string name) => ((MemoryWeight)_weights[name]).Values;

    public void WriteTokenizerFiles(string folder) => OnTokenizerFiles?.Invoke(folder);

    public void Dispose()
    {
    }

    private sealed class MemoryWeight(string name, float[] values, long[] lengths) : Weight
    {
        public float[] Values => values;

        public override string Name => name;

        public override ReadOnlySpan<long> Lengths => lengths;

        public override WeightFormat Format => WeightFormat.Float32;

        public override void ReadRows(long firstRow, Span<float> destination) => values.AsSpan((int)(firstRow * Columns), destination.Length).CopyTo(destination);

        public override void ReadRaw(long firstRow, Span<byte> destination) => throw new NotSupportedException();
    }

    private sealed class BrokenWeight(Weight whole) : Weight
    {
        public override string Name => whole.Name;

        public override ReadOnlySpan<long> Lengths => whole.Lengths;

        public override WeightFormat Format => whole.Format;

        public override void ReadRows(long firstRow, Span<float> destination) => throw new EndOfStreamException($"The file of '{Name}' ended early.");

        public override void ReadRaw(long firstRow, Span<byte> destination) => throw new NotSupportedException();
    }
}
