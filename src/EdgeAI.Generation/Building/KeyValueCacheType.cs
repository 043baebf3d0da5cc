namespace EdgeAI.Generation;

/// <summary>How a model keeps the keys and values of earlier tokens.</summary>
public enum KeyValueCacheType
{
    /// <summary>32-bit floats.</summary>
    Float32,

    /// <summary>8-bit codes with a fixed scale for each channel of each head and layer, measured when the model is built: a quarter of the memory.</summary>
    Int8,
}
