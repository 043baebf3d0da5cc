namespace EdgeAI.Onnx;

/// <summary>Field numbers of the messages in onnx.proto (ONNX 1.23, IR version 13).</summary>
internal static class ProtoFields
{
    public static class Model
    {
        public const int IrVersion = 1, ProducerName = 2, ProducerVersion = 3, Domain = 4, ModelVersion = 5, DocString = 6,
            Graph = 7, OpsetImport = 8, Metadata = 14, Functions = 25;
    }

    public static class OpsetImport
    {
        public const int Domain = 1, Version = 2;
    }

    /// <summary>StringStringEntryProto.</summary>
    public static class Entry
    {
        public const int Key = 1, Value = 2;
    }

    public static class Graph
    {
        public const int Node = 1, Name = 2, Initializer = 5, Input = 11, Output = 12, ValueInfo = 13, SparseInitializer = 15;
    }

    public static class Node
    {
        public const int Input = 1, Output = 2, Name = 3, OpType = 4, Attribute = 5, Domain = 7, Overload = 8;
    }

    public static class Function
    {
        public const int Name = 1, Input = 4, Output = 5, Attribute = 6, Node = 7, OpsetImport = 9, Domain = 10, AttributeDefault = 11, Overload = 13;
    }

    public static class Attribute
    {
        public const int Name = 1, Float = 2, Int = 3, String = 4, Tensor = 5, Graph = 6, Floats = 7, Ints = 8, Strings = 9, Tensors = 10,
            Graphs = 11, TypeProto = 14, TypeProtos = 15, Type = 20, ReferenceName = 21, SparseTensor = 22, SparseTensors = 23;
    }

    public static class Tensor
    {
        public const int Lengths = 1, ElementType = 2, Segment = 3, FloatData = 4, Int32Data = 5, StringData = 6, Int64Data = 7, Name = 8,
            RawData = 9, DoubleData = 10, UInt64Data = 11, ExternalData = 13, DataLocation = 14;
    }

    public static class SparseTensor
    {
        public const int Values = 1, Indices = 2, Lengths = 3;
    }

    public static class ValueInfo
    {
        public const int Name = 1, Type = 2;
    }

    /// <summary>TypeProto.</summary>
    public static class Type
    {
        public const int Tensor = 1, Sequence = 4, Map = 5, Denotation = 6, Opaque = 7, SparseTensor = 8, Optional = 9;
    }

    /// <summary>TypeProto.Tensor and TypeProto.SparseTensor.</summary>
    public static class TensorType
    {
        public const int ElementType = 1, Shape = 2;
    }

    /// <summary>TypeProto.Sequence and TypeProto.Optional.</summary>
    public static class ElementOf
    {
        public const int ElementType = 1;
    }

    public static class MapType
    {
        public const int Key = 1, Value = 2;
    }

    public static class OpaqueType
    {
        public const int Domain = 1, Name = 2;
    }

    public static class Shape
    {
        public const int Dimension = 1;
    }

    public static class Dimension
    {
        public const int Value = 1, Symbol = 2, Denotation = 3;
    }
}
