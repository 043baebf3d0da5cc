using static EdgeAI.Onnx.Tests.RawModels;

namespace EdgeAI.Onnx.Tests;

[TestClass]
public sealed class TensorParserTests
{
    private const long Float = (long)TensorElementType.Float32;
    private const long Int64 = (long)TensorElementType.Int64;

    private static readonly Dictionary<TensorElementType, (Action<WireWriter> Field, byte[] Expected)> _typedTensors = new()
    {
        [TensorElementType.Float32] = (Packed(ProtoFields.Tensor.FloatData, 1.5f, -2f), Raw(1.5f, -2f)),
        [TensorElementType.Int32] = (Packed(ProtoFields.Tensor.Int32Data, 1, -2), Raw(1, -2)),
        [TensorElementType.Int8] = (Packed(ProtoFields.Tensor.Int32Data, 1, -2), Raw<sbyte>(1, -2)),
        [TensorElementType.UInt8] = (Packed(ProtoFields.Tensor.Int32Data, 1, 255), Raw<byte>(1, 255)),
        [TensorElementType.Boolean] = (Packed(ProtoFields.Tensor.Int32Data, 1, 0), Raw(true, false)),
        [TensorElementType.Float16] = (Packed(ProtoFields.Tensor.Int32Data, 0x3E00, 0xC000), Raw((Half)1.5f, (Half)(-2f))),
        [TensorElementType.Int64] = (Packed(ProtoFields.Tensor.Int64Data, long.MaxValue, -2), Raw(long.MaxValue, -2L)),
        [TensorElementType.UInt32] = (Packed(ProtoFields.Tensor.UInt64Data, 1, uint.MaxValue), Raw(1u, uint.MaxValue)),
        [TensorElementType.UInt64] = (Packed(ProtoFields.Tensor.UInt64Data, 1, -1), Raw(1UL, ulong.MaxValue)),
        [TensorElementType.Float64] = (Doubles(1.5, -2), Raw(1.5, -2.0)),
        [TensorElementType.Int4] = (Packed(ProtoFields.Tensor.Int32Data, 0x21), new byte[] { 0x21 }),
    };

    [TestMethod]
    public void Parse_RawDataShorterThanShape_NamesTensorAndSizes() => BadModelTests.AssertRefused(
        ModelWithTensor(Lengths(2, 3), Type(Float), Bytes(ProtoFields.Tensor.RawData, new byte[20])), "tensor 't', float32[2,3], needs 24 bytes but has 20");

    [TestMethod]
    public void Parse_RawDataLongerThanShape_IsRefused() => BadModelTests.AssertRefused(
        ModelWithTensor(Lengths(2), Type(Float), Bytes(ProtoFields.Tensor.RawData, new byte[12])), "needs 8 bytes but has 12");

    [TestMethod]
    public void Parse_NoData_IsRefused() => BadModelTests.AssertRefused(ModelWithTensor(Lengths(2), Type(Float)), "has no data");

    [TestMethod]
    public void Parse_DataInTwoFields_IsRefused() => BadModelTests.AssertRefused(
        ModelWithTensor(Lengths(1), Type(Float), Bytes(ProtoFields.Tensor.RawData, new byte[4]), wire => wire.WritePacked(ProtoFields.Tensor.FloatData, [1f])), "has data in two fields");

    [TestMethod]
    public void Parse_DataInTheWrongField_IsRefused() => BadModelTests.AssertRefused(
        ModelWithTensor(Lengths(1), Type(Float), wire => wire.WritePacked(ProtoFields.Tensor.Int64Data, [1L])), "has its data in field 7 where 4 was expected");

    [TestMethod]
    public void Parse_TypedDataOfWrongCount_IsRefused() => BadModelTests.AssertRefused(
        ModelWithTensor(Lengths(3), Type(Int64), wire => wire.WritePacked(ProtoFields.Tensor.Int64Data, [1L, 2L])), "needs 3 entries of data but has 2");

    [TestMethod]
    public void Parse_NegativeLength_IsRefused() => BadModelTests.AssertRefused(ModelWithTensor(Lengths(2, -3), Type(Float)), "length of -3 on axis 1");

    [TestMethod]
    [DataRow(1L << 32, 1L << 32)]
    [DataRow(1L << 62, 1L)]
    [DataRow(0L, long.MaxValue, long.MaxValue)]
    public void Parse_OverflowingLengths_IsRefused(params long[] lengths) => BadModelTests.AssertRefused(ModelWithTensor(Lengths(lengths), Type(Float)), "overflows");

    [TestMethod]
    public void Parse_TooManyAxes_IsRefused() => BadModelTests.AssertRefused(ModelWithTensor(Lengths([.. Enumerable.Repeat(1L, 65)]), Type(Float)), "65 axes");

    [TestMethod]
    [DataRow(0L)]
    [DataRow(99L)]
    public void Parse_UnknownElementType_IsRefused(long type) => BadModelTests.AssertRefused(ModelWithTensor(Lengths(1), Type(type), Bytes(ProtoFields.Tensor.RawData, 0)), $"element type {type}");

    [TestMethod]
    public void Parse_StringsAsRawData_IsRefused() => BadModelTests.AssertRefused(
        ModelWithTensor(Lengths(1), Type((long)TensorElementType.String), Bytes(ProtoFields.Tensor.RawData, 65)), "raw data, which strings cannot have");

    [TestMethod]
    public void Parse_Segment_IsRefused() => BadModelTests.AssertRefused(ModelWithTensor(Lengths(1), Type(Float), Message(ProtoFields.Tensor.Segment)), "segments");

    [TestMethod]
    public void Parse_SparseIndexOutOfRange_IsRefused()
    {
        var sparse = new OnnxSparseTensor(OnnxTensor.Create("s", [1f], 1), OnnxTensor.Create("", [6L], 1), 2, 3);
        BadModelTests.AssertRefused(TestModels.SparseInitializer() with { Graph = TestModels.SparseInitializer().Graph with { SparseInitializers = [sparse] } }, "index of 6; expected 0 to 5");
    }

    [TestMethod]
    public void Parse_SparseTensorThatUnfoldsBeyondAllBounds_IsRefused()
    {
        var sparse = new OnnxSparseTensor(OnnxTensor.Create("s", [1f], 1), OnnxTensor.Create("", [6L], 1), 1 << 20, 1 << 20);
        BadModelTests.AssertRefused(TestModels.SparseInitializer() with { Graph = TestModels.SparseInitializer().Graph with { SparseInitializers = [sparse] } }, "when made dense");
    }

    public static IEnumerable<TensorElementType> TypedElementTypes => _typedTensors.Keys;

    [TestMethod]
    [DynamicData(nameof(TypedElementTypes))]
    public void Parse_TypedField_ReadsAndWritesWhatTheNativeRuntimeReads(TensorElementType type)
    {
        var (field, expected) = _typedTensors[type];
        var bytes = ModelWithTensor(Lengths(2), Type((long)type), field);
        using var model = OnnxReader.Parse(bytes);
        CollectionAssert.AreEqual(expected, model.Graph.Initializers[0].Data.ToArray());
        Assert.AreEqual(NativeRuntime.Run(bytes)["y"], NativeRuntime.Run(OnnxWriter.ToBytes(model))["y"]);
    }

    [TestMethod]
    public void Parse_UnpackedAndSplitFields_ReadsAllEntries()
    {
        var bytes = ModelWithTensor(Lengths(4), Type(Float), wire => wire.WriteFloat(ProtoFields.Tensor.FloatData, 1), Packed(ProtoFields.Tensor.FloatData, 2f, 3f), wire => wire.WriteFloat(ProtoFields.Tensor.FloatData, 4));
        using var model = OnnxReader.Parse(bytes);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4 }, model.Graph.Initializers[0].ToArray<float>());
    }

    [TestMethod]
    public void Parse_Int4InWholeIntegers_ReadsAllEntries()
    {
        var bytes = ModelWithTensor(Lengths(16), Type((long)TensorElementType.UInt4), Packed(ProtoFields.Tensor.Int32Data, 0x76543210, unchecked((int)0xFEDCBA98)));
        using var model = OnnxReader.Parse(bytes);
        CollectionAssert.AreEqual(Convert.FromHexString("1032547698BADCFE"), model.Graph.Initializers[0].Data.ToArray());
    }

    [TestMethod]
    public void Parse_FromFile_RefersToTheFileInsteadOfCopying()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("big.onnx");
        OnnxWriter.Write(BadModelTests.Graph([new OnnxNode("Neg", ["x"], ["y"])], OnnxTensor.Create("w", TensorElementType.Float32, OnnxTensorData.FromMemory(new byte[40_000_000]), 10_000_000)), path);
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var model = OnnxReader.Read(path);
        Assert.IsLessThan(1_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.AreEqual(40_000_000, model.Graph.Initializers[0].Data.Length);
    }

    private static Action<WireWriter> Lengths(params long[] lengths) => wire => wire.WritePacked(ProtoFields.Tensor.Lengths, lengths);

    private static Action<WireWriter> Type(long type) => Number(ProtoFields.Tensor.ElementType, type);

    private static Action<WireWriter> Packed(int field, params long[] values) => wire => wire.WritePacked(field, values);

    private static Action<WireWriter> Packed(int field, params float[] values) => wire => wire.WritePacked(field, values);

    private static Action<WireWriter> Doubles(params double[] values) => Bytes(ProtoFields.Tensor.DoubleData, Raw(values));

    private static byte[] Raw<T>(params T[] values) where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.AsBytes<T>(values).ToArray();
}
