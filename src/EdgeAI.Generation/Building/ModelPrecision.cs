namespace EdgeAI.Generation;

/// <summary>How the weights of a model's projections are stored.</summary>
public enum ModelPrecision
{
    /// <summary>4 bits a weight in blocks with a scale each, the output projection in 8.</summary>
    Int4,

    /// <summary>8 bits a weight in blocks with a scale each.</summary>
    Int8,

    /// <summary>32-bit floats.</summary>
    Float32,
}
