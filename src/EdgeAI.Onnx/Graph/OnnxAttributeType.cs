namespace EdgeAI.Onnx;

/// <summary>What an attribute holds. The values are those of <c>AttributeProto.AttributeType</c> (onnx.proto).</summary>
public enum OnnxAttributeType
{
    /// <summary>Not declared.</summary>
    Undefined = 0,

    /// <summary>A 32-bit float.</summary>
    Float = 1,

    /// <summary>A 64-bit integer.</summary>
    Int = 2,

    /// <summary>Bytes, UTF-8 text by convention.</summary>
    String = 3,

    /// <summary>A tensor.</summary>
    Tensor = 4,

    /// <summary>A subgraph.</summary>
    Graph = 5,

    /// <summary>A list of 32-bit floats.</summary>
    Floats = 6,

    /// <summary>A list of 64-bit integers.</summary>
    Ints = 7,

    /// <summary>A list of byte strings.</summary>
    Strings = 8,

    /// <summary>A list of tensors.</summary>
    Tensors = 9,

    /// <summary>A list of subgraphs.</summary>
    Graphs = 10,

    /// <summary>A sparse tensor.</summary>
    SparseTensor = 11,

    /// <summary>A list of sparse tensors.</summary>
    SparseTensors = 12,

    /// <summary>A type.</summary>
    Type = 13,

    /// <summary>A list of types.</summary>
    Types = 14,
}
