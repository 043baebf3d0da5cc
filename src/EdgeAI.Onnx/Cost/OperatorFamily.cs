namespace EdgeAI.Onnx;

/// <summary>Operators that spend their time in the same way.</summary>
public enum OperatorFamily
{
    /// <summary>An operator whose work is not known.</summary>
    Unknown,

    /// <summary>Products of matrices: <c>MatMul</c>, <c>Gemm</c>, <c>MatMulNBits</c>, <c>QLinearMatMul</c>, <c>MatMulInteger</c>, <c>Einsum</c>.</summary>
    MatrixProduct,

    /// <summary>Convolutions, grouped, transposed and quantised ones among them.</summary>
    Convolution,

    /// <summary>Fused attention.</summary>
    Attention,

    /// <summary>Recurrent layers: <c>LSTM</c>, <c>GRU</c>, <c>RNN</c>.</summary>
    Recurrent,

    /// <summary>One result for each element, or for each pair of elements; quantisation among them.</summary>
    Elementwise,

    /// <summary>Scaling by statistics: <c>Softmax</c>, <c>LayerNormalization</c>, <c>BatchNormalization</c>.</summary>
    Normalization,

    /// <summary>One result for several elements: pooling, sums, extremes, sorting.</summary>
    Reduction,

    /// <summary>Elements that change places, or only their shape.</summary>
    Movement,

    /// <summary>Nodes that run subgraphs; the subgraphs' own nodes are counted beside them.</summary>
    Control,
}
