using System.Collections.Immutable;
using EdgeAI.Onnx;

namespace EdgeAI.Evaluation;

/// <summary>Which probes a device gets, the most telling first: when the time is used, the rest is left out. Pure.</summary>
internal static class ProbeSuite
{
    /// <summary>The names of operators in <see cref="DeviceProfile.Operators"/>.</summary>
    public const string Conv3x3 = "conv 3x3", Conv1x1 = "conv 1x1", NarrowConv = "conv 3x3 of 8 channels", Depthwise = "conv depthwise", BatchedProduct = "batched product", Lstm = "lstm",
        Add = "add", Sigmoid = "sigmoid", Softmax = "softmax", LayerNorm = "layer normalization", Transpose = "transpose", MaxPool = "max pool";

    /// <summary>The channels of <see cref="NarrowConv"/>, and those of the other convolutions of 3 x 3.</summary>
    public const int NarrowChannels = 8, WideChannels = 64;

    private const int GemmWidth = 1024;
    private const int SliceNodes = 100;
    private const int BranchNodes = 20;
    private const int LadderWidth = 512;
    private const int VectorWidth = 512;
    private const long LeastBandwidthBytes = 256L << 20;
    private const int CacheMultiple = 4;

    // Loading takes up to four times the weights: the file, the runtime's copy, a packed one and what is freed late.
    private const int MemoryShare = 8;

    private static readonly int[] _gemmRows = [1, 8, 32, 128, 512];
    private static readonly int[] _chains = [10, 100, 1000];
    private static readonly int[] _ladder = [1, 4, 16, 64];
    private static readonly int[] _attentionRows = [32, 128, 512];
    private static readonly int[] _steps = [1, 16];

    /// <summary>The probes for a device, in the order in which they are worth their time.</summary>
    public static ImmutableArray<Probe> For(DeviceInfo device)
    {
        var threads = Math.Max(1, device.Parallelism ?? 1);
        return
        [
            .. _chains.Select(nodes => new Probe(ProbeFamily.Chain, $"chain of {nodes}", () => ProbeGraphs.Chain(nodes), [new ProbePoint(1, nodes * 256, nodes * 3 * 1024, nodes)]) { Threads = threads }),
            Gemm("gemm float32", TensorElementType.Float32, () => ProbeGraphs.Products(GemmWidth, 1), threads),
            Bandwidth(device, threads),
            Gemm("gemm int8", TensorElementType.Int8, () => ProbeGraphs.IntegerProduct(GemmWidth), threads),
            Gemm("gemm int4", TensorElementType.Int4, () => ProbeGraphs.FourBitProduct(GemmWidth), threads),

            // Layers of residual networks: rows are places of the window.
            Convolution(Conv3x3, channels: WideChannels, kernel: 3, groups: 1, sides: [56, 28, 14, 7, 2], threads),
            Convolution(Conv1x1, channels: 256, kernel: 1, groups: 1, sides: [56, 28, 14, 7, 2], threads),
            Convolution(NarrowConv, channels: NarrowChannels, kernel: 3, groups: 1, sides: [28], threads),
            new Probe(ProbeFamily.NodeCost, "Slice", () => ProbeGraphs.Slices(SliceNodes), [new ProbePoint(1, 0, SliceNodes * 2 * 1024, SliceNodes)]) { Threads = threads },

            // A branch runs one node besides itself.
            new Probe(ProbeFamily.NodeCost, "If", () => ProbeGraphs.Branches(BranchNodes), [new ProbePoint(1, 0, BranchNodes * 3 * 1024, BranchNodes)]) { Threads = threads, InnerNodes = 1 },
            .. _ladder.Where(megabytes => (long)megabytes << 20 <= BandwidthBytes(device)).Select(megabytes => WorkingSet(megabytes, threads)),
            Convolution(Depthwise, channels: 128, kernel: 3, groups: 128, sides: [56, 14], threads),
            Operator(BatchedProduct, () => ProbeGraphs.BatchedProduct(heads: 8, size: 64), [.. _attentionRows.Select(rows => new ProbePoint(rows, 2.0 * 8 * rows * rows * 64, 4.0 * 8 * rows * (64 + 64 + 64 + rows), Nodes: 2))], threads),
            Operator(Lstm, () => ProbeGraphs.Recurrent(128), [.. _steps.Select(steps => new ProbePoint(steps, 2.0 * steps * 4 * 128 * 256, 4.0 * 4 * 128 * 256))], threads),
            Vector(Add, new OnnxNode("Add", ["x", "x"], ["y"]), flops: 1, bytes: 12, threads),
            Vector(Sigmoid, new OnnxNode("Sigmoid", ["x"], ["y"]), flops: 1, bytes: 8, threads),
            Vector(Softmax, new OnnxNode("Softmax", ["x"], ["y"], OnnxAttribute.Int("axis", -1)), flops: 5, bytes: 8, threads),
            Operator(LayerNorm, () => ProbeGraphs.Single(new OnnxNode("LayerNormalization", ["x", "s"], ["y"]), VectorWidth, ProbeGraphs.Weights("s", fanIn: 3, seed: 0, VectorWidth)), [VectorPoint(7, 8)], threads),
            Operator(Transpose, () => ProbeGraphs.Transpose(VectorWidth), [VectorPoint(0, 8)], threads),
            Operator(MaxPool, () => ProbeGraphs.Pool(channels: 64, side: 112), [new ProbePoint(1, 64.0 * 56 * 56 * 9, 4.0 * 64 * ((112 * 112) + (56 * 56)))], threads),

            // The bandwidth of fewer threads last: only where there are several does it say something new.
            .. FewerThreads(threads).Select(fewer => Bandwidth(device, fewer)),
        ];
    }

    /// <summary>The thread counts to read memory with besides all: 1, and halves down from all of them.</summary>
    internal static IEnumerable<int> FewerThreads(int threads)
    {
        if (threads < 2) yield break;
        yield return 1;
        for (var fewer = threads / 2; fewer > 1; fewer /= 2) yield return fewer;
    }

    /// <summary>How many bytes of weights a bandwidth probe reads: more than caches hold, less than would press the memory.</summary>
    internal static long BandwidthBytes(DeviceInfo device)
    {
        var wanted = Math.Max(LeastBandwidthBytes, CacheMultiple * (device.LastLevelCacheBytes ?? 0));
        return device.MemoryBytes is { } memory ? Math.Min(wanted, memory / MemoryShare) : wanted;
    }

    private static Probe Gemm(string name, TensorElementType type, Func<OnnxModel> build, int threads) =>
        new(ProbeFamily.Gemm, name, build, [.. _gemmRows.Select(rows => new ProbePoint(rows, 2.0 * rows * GemmWidth * GemmWidth, GemmWidth * (double)GemmWidth * type.BitWidth() / 8))]) { Threads = threads, ElementType = type };

    private static Probe Bandwidth(DeviceInfo device, int threads)
    {
        // Square matrices of 64 MiB each; smaller ones where memory is short.
        var bytes = BandwidthBytes(device);
        var width = bytes >= LeastBandwidthBytes ? 4096 : 1024;
        var matrices = (int)Math.Max(1, bytes / (4L * width * width));
        return new Probe(ProbeFamily.Bandwidth, "read bandwidth", () => ProbeGraphs.Products(width, matrices), [new ProbePoint(1, 2.0 * matrices * width * width, 4.0 * matrices * width * width, matrices)])
        {
            Threads = threads,
            Sampling = SamplingRules.Stream,
        };
    }

    private static Probe WorkingSet(int megabytes, int threads) =>
        new(ProbeFamily.WorkingSet, $"reading {megabytes} MiB", () => ProbeGraphs.Products(LadderWidth, megabytes), [new ProbePoint(1, 2.0 * megabytes * LadderWidth * LadderWidth, megabytes * (double)(1 << 20), megabytes)]) { Threads = threads };

    private static Probe Convolution(string name, int channels, int kernel, int groups, ImmutableArray<int> sides, int threads) =>
        Operator(
            name,
            () => ProbeGraphs.Convolution(channels, channels, kernel, groups),
            [.. sides.Select(side => new ProbePoint(side, 2.0 * side * side * channels * (channels / groups) * kernel * kernel, 4.0 * ((2 * side * side * channels) + (channels * (channels / groups) * kernel * kernel))))],
            threads);

    private static Probe Vector(string name, OnnxNode node, double flops, double bytes, int threads) => Operator(name, () => ProbeGraphs.Single(node, VectorWidth), [VectorPoint(flops, bytes)], threads);

    /// <summary>A million bytes and a bit: of a size that layers pass on, and that caches hold.</summary>
    private static ProbePoint VectorPoint(double flops, double bytes) => new(VectorWidth, flops * VectorWidth * VectorWidth, bytes * VectorWidth * VectorWidth);

    private static Probe Operator(string name, Func<OnnxModel> build, ImmutableArray<ProbePoint> points, int threads) => new(ProbeFamily.Operator, name, build, points) { Threads = threads };
}
