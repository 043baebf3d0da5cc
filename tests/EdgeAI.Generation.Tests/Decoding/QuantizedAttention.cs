using EdgeAI.Devices;
using EdgeAI.Onnx;
using EdgeAI.Providers.Cpu;
using Microsoft.Extensions.Options;

namespace EdgeAI.Generation.Tests;

/// <summary>What one attention node is made with.</summary>
internal sealed record AttentionCase(string Name)
{
    public int Heads { get; init; } = 4;

    public int KeyValueHeads { get; init; } = 2;

    public int HeadSize { get; init; } = 16;

    /// <summary>A scale for each channel of each head, or one for all.</summary>
    public bool IsPerChannel { get; init; } = true;

    public int? Window { get; init; }

    public float? SoftCap { get; init; }

    public bool IsRotary { get; init; }

    public override string ToString() => Name;
}

/// <summary>
/// One GroupQueryAttention node with a cache of 8-bit codes on ONNX Runtime's CPU, and the same in double precision: an oracle of what that kernel does. Keys and values of all positions are kept
/// as floats beside the cache; codes must be their nearest, and the answer must be what the codes stand for gives.
/// </summary>
internal sealed class QuantizedAttention : IAsyncDisposable
{
    public const int Slots = 3, Capacity = 40;

    // Where a float lies halfway between two codes, rounding in single precision may choose either.
    private const double Nearest = 0.5 + 1e-3;

    private readonly AttentionCase _case;
    private readonly OnnxModelDescriptor _descriptor;
    private readonly IDeviceSession _session;
    private readonly TensorValue[] _caches;
    private readonly float[][] _scales;
    private readonly List<double[]>[][] _history;

    private QuantizedAttention(AttentionCase attention, OnnxModelDescriptor descriptor, IDeviceSession session, float[][] scales)
    {
        (_case, _descriptor, _session, _scales) = (attention, descriptor, session, scales);
        _caches = [.. Enumerable.Range(0, 2).Select(_ => TensorValue.Create(new sbyte[Slots * attention.KeyValueHeads * Capacity * attention.HeadSize], Slots, attention.KeyValueHeads, Capacity, attention.HeadSize))];
        _history = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, Slots).Select(_ => new List<double[]>()).ToArray())];
    }

    private int Width => (_case.Heads + 2 * _case.KeyValueHeads) * _case.HeadSize;

    /// <summary>Opens the node.</summary>
    /// <param name="attention">What it is made with.</param>
    /// <param name="scaleLengths">The axes of the scales; <see langword="null"/>: [heads, 1, head size] or [1].</param>
    public static async Task<QuantizedAttention> OpenAsync(AttentionCase attention, nint[]? scaleLengths = null)
    {
        var random = new Random(11);
        var lengths = scaleLengths ?? (attention.IsPerChannel ? [attention.KeyValueHeads, 1, attention.HeadSize] : [1]);
        var count = lengths.Aggregate((nint)1, (product, length) => product * length);

        // Inputs reach 1, or 1.5 when turned: some scales are too small on purpose, so that codes saturate.
        float[][] scales = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, (int)count).Select(_ => (float)(0.006 + 0.006 * random.NextDouble())).ToArray())];
        var type = attention.IsPerChannel ? "PER_CHANNEL" : "PER_TENSOR";
        var attributes = new List<OnnxAttribute>
        {
            OnnxAttribute.Int("num_heads", attention.Heads), OnnxAttribute.Int("kv_num_heads", attention.KeyValueHeads), OnnxAttribute.Int("do_rotary", attention.IsRotary ? 1 : 0),
            OnnxAttribute.String("k_quant_type", type), OnnxAttribute.String("v_quant_type", type), OnnxAttribute.Int("kv_cache_bit_width", 8),
        };
        if (attention.Window is { } window) attributes.Add(OnnxAttribute.Int("local_window_size", window));
        if (attention.SoftCap is { } cap) attributes.Add(OnnxAttribute.Float("softcap", cap));
        var tables = attention.IsRotary ? new[] { ("cos", (Func<double, double>)Math.Cos), ("sin", Math.Sin) } : [];
        OnnxTensor[] initializers =
        [
            OnnxTensor.Create<float>("k_scale", scales[0], lengths), OnnxTensor.Create<float>("v_scale", scales[1], lengths),
            .. tables.Select(table => OnnxTensor.Create<float>(table.Item1, Enumerable.Range(0, Capacity * attention.HeadSize / 2).Select(i => (float)table.Item2(Angle(attention, i / (attention.HeadSize / 2), i % (attention.HeadSize / 2)))).ToArray(), Capacity, attention.HeadSize / 2)),
        ];
        var node = new OnnxNode(
            "GroupQueryAttention",
            ["qkv", "", "", "past_key", "past_value", "last", "total", attention.IsRotary ? "cos" : "", attention.IsRotary ? "sin" : "", "", "", "", "k_scale", "v_scale"],
            ["y", "present_key", "present_value"],
            [.. attributes])
        {
            Domain = OnnxDomains.Microsoft,
        };
        OnnxValueInfo Cache(string name) => OnnxValueInfo.Tensor(name, TensorElementType.Int8, "batch", attention.KeyValueHeads, "length", attention.HeadSize);
        var graph = new OnnxGraph(
            "attention",
            [node],
            [
                OnnxValueInfo.Tensor("qkv", TensorElementType.Float32, "batch", "sequence", (attention.Heads + 2 * attention.KeyValueHeads) * attention.HeadSize), Cache("past_key"), Cache("past_value"),
                OnnxValueInfo.Tensor("last", TensorElementType.Int32, "batch"), OnnxValueInfo.Tensor("total", TensorElementType.Int32),
            ],
            [OnnxValueInfo.Tensor("y", TensorElementType.Float32, "batch", "sequence", attention.Heads * attention.HeadSize), Cache("present_key"), Cache("present_value")],
            initializers);
        var descriptor = OnnxModelDescriptor.Open(ModelSource.FromBytes(OnnxWriter.ToBytes(new OnnxModel(graph, 21, new OnnxOpsetImport(OnnxDomains.Microsoft, 1))), "attention"));
        var discovery = await new CpuDeviceProvider(Options.Create(new CpuOptions())).DiscoverAsync();
        return new QuantizedAttention(attention, descriptor, await discovery.Devices[0].OpenSessionAsync(descriptor, new DeviceSessionOptions { Threads = 2 }), scales);
    }

    /// <summary>Computes positions of neighbouring slots, behind what they hold, and checks the codes.</summary>
    /// <returns>The largest difference from the reference.</returns>
    public async Task<double> RunAsync(int firstSlot, int slots, int positions, Random random)
    {
        var inputs = new float[slots * positions * Width];
        for (var i = 0; i < inputs.Length; i++) inputs[i] = (float)(2 * random.NextDouble() - 1);
        var past = Enumerable.Range(firstSlot, slots).Select(slot => _history[0][slot].Count).ToArray();
        using var binding = _session.CreateBinding();
        using var qkv = TensorValue.Create(inputs, slots, positions, Width);
        using var last = TensorValue.Create(past.Select(count => count + positions - 1).ToArray(), slots);
        using var total = TensorValue.Create(new[] { Capacity });
        using var keys = _caches[0].Slice(firstSlot, slots);
        using var values = _caches[1].Slice(firstSlot, slots);
        foreach (var (i, value) in new[] { qkv, keys, values, last, total }.Index()) binding.SetInput(i, value);
        binding.SetOutput(1, keys);
        binding.SetOutput(2, values);
        await binding.RunAsync();
        using var y = binding.GetOutput(0);
        var actual = y.AsSpan<float>().ToArray();

        var largest = 0.0;
        for (var row = 0; row < slots; row++)
        {
            for (var position = 0; position < positions; position++)
            {
                var token = inputs.AsSpan((row * positions + position) * Width, Width);
                var queries = Turned(token[..(_case.Heads * _case.HeadSize)], past[row] + position);
                Remember(firstSlot + row, token[(_case.Heads * _case.HeadSize)..], past[row] + position);
                var expected = Attend(firstSlot + row, queries, past[row] + position);
                for (var i = 0; i < expected.Length; i++) largest = Math.Max(largest, Math.Abs(expected[i] - actual[((row * positions + position) * expected.Length) + i]));
            }
        }

        return largest;
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        foreach (var cache in _caches) cache.Dispose();
        _descriptor.Dispose();
    }

    private static double Angle(AttentionCase attention, int position, int pair) => position * Math.Pow(100, -2.0 * pair / attention.HeadSize);

    /// <summary>Keeps a position's keys and values, and compares their codes.</summary>
    private void Remember(int slot, ReadOnlySpan<float> keysAndValues, int position)
    {
        var size = _case.KeyValueHeads * _case.HeadSize;
        double[][] both = [Turned(keysAndValues[..size], position), [.. keysAndValues[size..].ToArray().Select(value => (double)value)]];
        foreach (var (kind, values) in both.Index())
        {
            _history[kind][slot].Add(values);
            for (var i = 0; i < size; i++)
            {
                var exact = Math.Clamp(values[i] / Scale(kind, i), -128, 127);
                Assert.IsLessThanOrEqualTo(Nearest, Math.Abs(Code(kind, slot, i, position) - exact), $"{(kind == 0 ? "key" : "value")} {i} of position {position}");
            }
        }
    }

    private double[] Attend(int slot, double[] queries, int position)
    {
        var result = new double[queries.Length];
        var first = _case.Window is { } window ? Math.Max(0, position + 1 - window) : 0;
        for (var head = 0; head < _case.Heads; head++)
        {
            var shared = head / (_case.Heads / _case.KeyValueHeads) * _case.HeadSize;
            var scores = new double[position + 1 - first];
            for (var other = first; other <= position; other++)
            {
                double dot = 0;
                for (var i = 0; i < _case.HeadSize; i++) dot += queries[(head * _case.HeadSize) + i] * Code(0, slot, shared + i, other) * Scale(0, shared + i);
                dot /= Math.Sqrt(_case.HeadSize);
                scores[other - first] = Math.Exp(_case.SoftCap is { } cap ? cap * Math.Tanh(dot / cap) : dot);
            }

            var sum = scores.Sum();
            for (var other = first; other <= position; other++)
            {
                for (var i = 0; i < _case.HeadSize; i++) result[(head * _case.HeadSize) + i] += scores[other - first] / sum * Code(1, slot, shared + i, other) * Scale(1, shared + i);
            }
        }

        return result;
    }

    private double[] Turned(ReadOnlySpan<float> heads, int position)
    {
        var result = new double[heads.Length];
        var half = _case.HeadSize / 2;
        for (var i = 0; i < heads.Length; i++)
        {
            var pair = i % half;
            var (isSecond, angle) = (i % _case.HeadSize >= half, _case.IsRotary ? Angle(_case, position, pair) : 0);
            var other = heads[isSecond ? i - half : i + half];
            result[i] = heads[i] * Math.Cos(angle) + (isSecond ? other : -other) * Math.Sin(angle);
        }

        return result;
    }

    private double Scale(int kind, int channel) => _scales[kind][_case.IsPerChannel ? channel : 0];

    private int Code(int kind, int slot, int channel, int position)
    {
        var (head, i) = Math.DivRem(channel, _case.HeadSize);
        return _caches[kind].AsSpan<sbyte>()[(((((slot * _case.KeyValueHeads) + head) * Capacity) + position) * _case.HeadSize) + i];
    }
}
