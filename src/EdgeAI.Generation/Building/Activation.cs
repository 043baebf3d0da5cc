namespace EdgeAI.Generation;

/// <summary>What gates the feed-forward part.</summary>
internal enum Activation
{
    /// <summary>x * sigmoid(x).</summary>
    Silu,

    /// <summary>GELU by the error function.</summary>
    Gelu,

    /// <summary>GELU by its approximation with tanh.</summary>
    GeluTanh,
}
