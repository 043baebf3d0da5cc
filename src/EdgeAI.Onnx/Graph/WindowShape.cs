using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>The arithmetic of sliding windows: how long the output of a convolution or pooling is (ONNX operator specification, Conv and MaxPool).</summary>
internal readonly struct WindowShape
{
    private readonly ImmutableArray<long> _strides;
    private readonly ImmutableArray<long> _dilations;
    private readonly ImmutableArray<long> _pads;
    private readonly string _autoPad;
    private readonly bool _roundsUp;

    public WindowShape(OnnxNode node)
    {
        _strides = Integers(node, "strides");
        _dilations = Integers(node, "dilations");
        _pads = Integers(node, "pads");
        Kernel = Integers(node, "kernel_shape");
        _autoPad = node.FindAttribute("auto_pad") is { Type: OnnxAttributeType.String, ReferenceName: null } autoPad ? autoPad.AsString() : "NOTSET";
        _roundsUp = node.FindAttribute("ceil_mode") is { Type: OnnxAttributeType.Int, ReferenceName: null } ceilMode && ceilMode.AsInt() != 0;
    }

    /// <summary>The attribute <c>kernel_shape</c>; empty where absent.</summary>
    public ImmutableArray<long> Kernel { get; }

    /// <summary>The output's length along a spatial axis: 0 or less where the window does not fit, <see langword="null"/> where it cannot be told.</summary>
    /// <param name="axis">The spatial axis, counted from 0.</param>
    /// <param name="rank">The number of spatial axes.</param>
    /// <param name="length">The input's length.</param>
    /// <param name="kernel">The window's length.</param>
    public nint? OutputLength(int axis, int rank, nint length, long kernel)
    {
        var stride = At(_strides, axis, 1);
        if (length < 0 || stride < 1) return null;
        var isSame = _autoPad is "SAME_UPPER" or "SAME_LOWER";
        if (isSame) return Narrow((length + (Int128)stride - 1) / stride);

        // ONNX Runtime divides as the processor does, towards zero, where the specification rounds down: only the former matters here.
        var padding = _autoPad == "VALID" ? 0 : (Int128)At(_pads, axis, 0) + At(_pads, axis + rank, 0);
        var span = length + padding - ((Int128)At(_dilations, axis, 1) * (kernel - 1)) - 1;
        return Narrow(((span + (_roundsUp && span > 0 ? stride - 1 : 0)) / stride) + 1);
    }

    private static nint? Narrow(Int128 value) => value > int.MaxValue || value < int.MinValue ? null : (nint)value;

    private static long At(ImmutableArray<long> values, int index, long absent) => index < values.Length ? values[index] : absent;

    private static ImmutableArray<long> Integers(OnnxNode node, string name) =>
        node.FindAttribute(name) is { Type: OnnxAttributeType.Ints, ReferenceName: null } attribute ? attribute.AsInts() : [];
}
