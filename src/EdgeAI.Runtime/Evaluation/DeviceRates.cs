using EdgeAI.Onnx;

namespace EdgeAI.Evaluation;

/// <summary>
/// Reads a profile as a cost model asks: how many flops per second for this product, how many bytes per second for that much memory. Nothing here is fitted
/// to models: every figure was measured on the device. Immutable and thread-safe.
/// </summary>
internal sealed class DeviceRates
{
    private readonly RateCurve _float32;
    private readonly RateCurve _int8;
    private readonly RateCurve _int4;
    private readonly RateCurve _memory;
    private readonly Dictionary<string, RateCurve> _flops;
    private readonly Dictionary<string, RateCurve> _bytes;

    public DeviceRates(DeviceProfile profile)
    {
        RateCurve Gemm(TensorElementType type) => new(profile.Gemm.Where(rate => rate.ElementType == type).Select(rate => ((double)rate.Rows, rate.FlopsPerSecond)));
        _float32 = Gemm(TensorElementType.Float32);
        _int8 = Gemm(TensorElementType.Int8);
        _int4 = Gemm(TensorElementType.Int4);

        // More than the largest working set that was tried is read at the rate of main memory, from where that was measured on.
        var largest = profile.ReadRates.Count == 0 ? 0 : profile.ReadRates.Max(rate => rate.WorkingSetBytes);
        var main = (profile.MedianReadBandwidth ?? profile.ReadBandwidth) is { } bandwidth ? new[] { (Math.Max(MainMemoryBytes, 2.0 * largest), bandwidth) } : [];
        _memory = new RateCurve(profile.ReadRates.Select(rate => ((double)rate.WorkingSetBytes, rate.BytesPerSecond)).Concat(main));
        _flops = profile.Operators.GroupBy(rate => rate.Operator).ToDictionary(rates => rates.Key, rates => new RateCurve(rates.Select(rate => ((double)rate.Rows, rate.FlopsPerSecond))), StringComparer.Ordinal);
        _bytes = profile.Operators.GroupBy(rate => rate.Operator).ToDictionary(rates => rates.Key, rates => new RateCurve(rates.Select(rate => ((double)rate.Rows, rate.BytesPerSecond))), StringComparer.Ordinal);
    }

    private const double MainMemoryBytes = 256 << 20;

    /// <summary>Whether there is enough to predict with: a product and a memory.</summary>
    public bool AreUsable => !_float32.IsEmpty && !_memory.IsEmpty;

    /// <summary>Products of matrices, by the type of the weights; types that were not measured count as float32.</summary>
    public double Gemm(TensorElementType type, double rows) => CurveOf(type).At(rows);

    /// <summary>Whether products of weights of that type were measured.</summary>
    public bool Knows(TensorElementType type) => type == TensorElementType.Float32 || CurveOf(type) != _float32;

    /// <summary>An operator of the suite, in flops; 0 where it was not measured.</summary>
    public double Flops(string name, double rows = 1) => _flops.TryGetValue(name, out var curve) ? curve.At(rows) : 0;

    /// <summary>An operator of the suite, in bytes; where it was not measured, what memory gives.</summary>
    public double Bytes(string name, double size = 1) => _bytes.TryGetValue(name, out var curve) && !curve.IsEmpty ? curve.At(size) : _memory.At(1);

    /// <summary>Reading weights, by how much is read in one run: what fits in the caches is still there in the next.</summary>
    public double Memory(double workingSetBytes) => _memory.At(workingSetBytes);

    /// <summary>How much slower than in the caches so many bytes are moved, 0 to 1.</summary>
    public double Share(double bytes) => Math.Min(1, _memory.At(bytes) / _memory.At(1));

    private RateCurve CurveOf(TensorElementType type) => type switch
    {
        TensorElementType.Int8 or TensorElementType.UInt8 when !_int8.IsEmpty => _int8,
        TensorElementType.Int4 or TensorElementType.UInt4 when !_int4.IsEmpty => _int4,
        _ => _float32,
    };
}
