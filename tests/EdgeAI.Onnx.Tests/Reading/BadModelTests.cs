using static EdgeAI.Onnx.Tests.RawModels;

namespace EdgeAI.Onnx.Tests;

/// <summary>What the reader refuses, and that it says why.</summary>
[TestClass]
public sealed class BadModelTests
{
    private static readonly OnnxValueInfo _x = TestModels.Tensor("x", "n");
    private static readonly OnnxValueInfo _y = TestModels.Tensor("y", "n");

    [TestMethod]
    public void Open_MissingFile_SaysThatItCannotBeFound()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(ModelSource.FromFile(folder.PathOf("none.onnx")), "cannot be found");
    }

    [TestMethod]
    public void Open_Directory_SaysSo()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(ModelSource.FromFile(folder.Path), "directory");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Open_Device_SaysSo() => AssertRefused(ModelSource.FromFile("/dev/zero"), "device");

    [TestMethod]
    [Timeout(10_000)]
    [OSCondition(OperatingSystems.Linux)]
    public void Open_Pipe_IsRefusedWithoutWaitingForAWriter()
    {
        using var folder = new TemporaryFolder();
        LinuxFiles.CreatePipe(folder.PathOf("pipe.onnx"));
        AssertRefused(ModelSource.FromFile(folder.PathOf("pipe.onnx")), "pipe");
    }

    [TestMethod]
    [DataRow("", "empty")]
    [DataRow("\0\0\0\0\0\0\0\0\0\0", "zeros")]
    [DataRow("version https://git-lfs.github.com/spec/v1\noid sha256:0", "git lfs pull")]
    [DataRow("<!DOCTYPE html><html>", "web page")]
    [DataRow("PK\u0003\u0004........", "zip archive")]
    [DataRow("GGUF........", "GGUF")]
    [DataRow("....ORTM....", "ORT format")]
    public void Open_AnotherKindOfFile_NamesTheKind(string content, string expected)
    {
        using var folder = new TemporaryFolder();
        AssertRefused(ModelSource.FromFile(folder.Write("model.onnx", System.Text.Encoding.Latin1.GetBytes(content))), expected);
    }

    [TestMethod]
    public void Parse_RandomBytes_IsRefused()
    {
        var random = new Random(7);
        for (var i = 0; i < 1000; i++)
        {
            var bytes = new byte[random.Next(1, 2000)];
            random.NextBytes(bytes);
            Assert.ThrowsExactly<ModelLoadException>(() => OnnxReader.Parse(bytes));
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Open_TruncatedAtAnyByte_IsRefused(bool asFile)
    {
        using var folder = new TemporaryFolder();
        var bytes = OnnxWriter.ToBytes(TestModels.Branches());
        for (var length = 0; length < bytes.Length; length++)
        {
            var source = asFile ? ModelSource.FromFile(folder.Write("cut.onnx", bytes[..length])) : ModelSource.FromBytes(bytes.AsMemory(0, length), "cut");
            Assert.ThrowsExactly<ModelLoadException>(() => OnnxModelDescriptor.Open(source), $"Cut to {length} of {bytes.Length} bytes.");
        }
    }

    [TestMethod]
    public void Parse_LengthPastTheEnd_NamesTheByte() => AssertRefused([0x08, 0x0A, 0x3A, 0xFF, 0x7F, 0x00], "field 7 declares 16383 bytes where 1 remain (at byte 2");

    [TestMethod]
    public void Parse_LengthOverAllNumbers_IsRefused() => AssertRefused([0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], "declares 18446744073709551615 bytes");

    [TestMethod]
    public void Parse_OverlongVarint_IsRefused() => AssertRefused([0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], "more than 10 bytes");

    [TestMethod]
    public void Parse_VarintOver64Bits_IsRefused() => AssertRefused([0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02], "64 bits");

    [TestMethod]
    public void Parse_FieldZero_IsRefused() => AssertRefused([0x00, 0x01], "field tag");

    [TestMethod]
    public void Parse_Group_IsRefused() => AssertRefused([0x08, 0x0A, 0xF3, 0x06, 0xF4, 0x06], "wire type");

    [TestMethod]
    public void Parse_GraphAsNumber_IsRefused() => AssertRefused([0x08, 0x0A, 0x38, 0x01], "wire type Varint where Bytes was expected");

    [TestMethod]
    public void Parse_NoGraph_SaysSo() => AssertRefused(Encode(Number(ProtoFields.Model.IrVersion, 10)), "no graph");

    [TestMethod]
    public void Parse_NoIrVersion_SaysSo() => AssertRefused(Encode(Message(ProtoFields.Model.Graph)), "IR version");

    [TestMethod]
    public void Parse_NoOperatorSet_SaysSo() => AssertRefused(Encode(Number(ProtoFields.Model.IrVersion, 10), Message(ProtoFields.Model.Graph)), "operator set");

    [TestMethod]
    public void Parse_TwoGraphs_IsRefusedBecauseProtobufWouldMergeThem() =>
        AssertRefused([.. OnnxWriter.ToBytes(TestModels.Scale()), .. OnnxWriter.ToBytes(TestModels.Scale())], "occurs twice");

    [TestMethod]
    public void Parse_InvalidUtf8_NamesTheField() =>
        AssertRefused(Model(Message(ProtoFields.Graph.Node, Bytes(ProtoFields.Node.OpType, 0xC3, 0x28))), "field 4 is not valid UTF-8");

    [TestMethod]
    public void Parse_LongInvalidUtf8_IsRefused() =>
        AssertRefused(Model(Message(ProtoFields.Graph.Node, Bytes(ProtoFields.Node.OpType, [.. Enumerable.Repeat((byte)'a', 1000), 0xFF]))), "not valid UTF-8");

    [TestMethod]
    public void Parse_GraphsNestedTooDeep_IsRefused()
    {
        var graph = Message(ProtoFields.Attribute.Graph, Text(ProtoFields.Graph.Name, "leaf"));
        for (var depth = 0; depth < 10_000; depth++)
        {
            graph = Message(ProtoFields.Attribute.Graph, Message(ProtoFields.Graph.Node, Message(ProtoFields.Node.Attribute, graph)));
            if (depth % 50 == 49)
            {
                var encoded = Encode(graph);
                graph = wire => wire.WritePreserved(Preserve(encoded));
            }
        }

        AssertRefused(Model(Message(ProtoFields.Graph.Node, Message(ProtoFields.Node.Attribute, graph))), "nested deeper than 100");
    }

    [TestMethod]
    public void Parse_TypesNestedTooDeep_IsRefused()
    {
        OnnxType type = new OnnxTensorType(TensorElementType.Float32, null);
        for (var depth = 0; depth < 200; depth++) type = new OnnxSequenceType(type);
        AssertRefused(TestModels.Scale() with { Graph = TestModels.Scale().Graph with { ValueInfos = [new("s", type)] } }, "nested deeper than 100");
    }

    [TestMethod]
    public void Parse_MoreEntriesThanAllowed_IsRefused() =>
        StringAssert.Contains(Assert.ThrowsExactly<ModelLoadException>(() => OnnxReader.Parse(OnnxWriter.ToBytes(TestModels.Scale()), new() { MaxEntries = 10 })).Message, "MaxEntries");

    [TestMethod]
    public void Parse_Cycle_NamesANode() =>
        AssertRefused(Graph([new OnnxNode("Add", ["x", "b"], ["a"]) { Name = "first" }, new OnnxNode("Neg", ["a"], ["b"]), new OnnxNode("Neg", ["b"], ["y"])]), "node Add 'first' depends on its own output");

    [TestMethod]
    public void Parse_CycleThroughASubgraph_IsRefused()
    {
        var branch = new OnnxGraph("branch", [new OnnxNode("Neg", ["late"], ["r"])], [], [TestModels.Tensor("r", "n")]);
        AssertRefused(Graph([
            new OnnxNode("Cast", ["x"], ["c"], OnnxAttribute.Int("to", 9)),
            new OnnxNode("If", ["c"], ["y"], OnnxAttribute.Graph("then_branch", branch), OnnxAttribute.Graph("else_branch", branch)),
            new OnnxNode("Neg", ["y"], ["late"])]), "depends on its own output");
    }

    [TestMethod]
    public void Parse_UndefinedValue_NamesNodeAndValue() => AssertRefused(Graph([new OnnxNode("Add", ["x", "ghost"], ["y"]) { Name = "sum" }]), "node Add 'sum' uses value 'ghost'");

    [TestMethod]
    public void Parse_UndefinedValueInSubgraph_IsRefused()
    {
        var branch = new OnnxGraph("branch", [new OnnxNode("Neg", ["ghost"], ["r"])], [], [TestModels.Tensor("r", "n")]);
        AssertRefused(Graph([new OnnxNode("If", ["x"], ["y"], OnnxAttribute.Graph("then_branch", branch))]), "uses value 'ghost'");
    }

    [TestMethod]
    public void Parse_SubgraphValueUsedOutside_IsRefused()
    {
        var branch = new OnnxGraph("branch", [new OnnxNode("Neg", ["x"], ["inner"])], [], [TestModels.Tensor("inner", "n")]);
        AssertRefused(Graph([new OnnxNode("If", ["x"], ["h"], OnnxAttribute.Graph("then_branch", branch)), new OnnxNode("Neg", ["inner"], ["y"])]), "uses value 'inner'");
    }

    [TestMethod]
    public void Parse_UndefinedOutput_IsRefused() => AssertRefused(Graph([new OnnxNode("Neg", ["x"], ["z"])]), "output 'y' of graph 'g' is defined by nothing");

    [TestMethod]
    public void Parse_ValueDefinedTwice_IsRefused() => AssertRefused(Graph([new OnnxNode("Neg", ["x"], ["y"]), new OnnxNode("Abs", ["x"], ["y"])]), "value 'y'");

    [TestMethod]
    public void Parse_NodeRedefinesInput_IsRefused() => AssertRefused(Graph([new OnnxNode("Neg", ["x"], ["x"]), new OnnxNode("Neg", ["x"], ["y"])]), "value 'x'");

    [TestMethod]
    public void Parse_NodeRedefinesInitializer_IsRefused() =>
        AssertRefused(Graph([new OnnxNode("Neg", ["x"], ["w"]), new OnnxNode("Neg", ["w"], ["y"])], OnnxTensor.Scalar("w", 1f)), "value 'w'");

    [TestMethod]
    public void Parse_TwoInitializersOfOneName_IsRefused() =>
        AssertRefused(Graph([new OnnxNode("Neg", ["x"], ["y"])], OnnxTensor.Scalar("w", 1f), OnnxTensor.Scalar("w", 2f)), "two initializers 'w'");

    [TestMethod]
    public void Parse_TwoInputsOfOneName_IsRefused() => AssertRefused(TestModels.Model(new OnnxGraph("g", [new OnnxNode("Neg", ["x"], ["y"])], [_x, _x], [_y])), "value 'x'");

    [TestMethod]
    public void Parse_TwoOutputsOfOneName_IsRefused() => AssertRefused(TestModels.Model(new OnnxGraph("g", [new OnnxNode("Neg", ["x"], ["y"])], [_x], [_y, _y])), "two outputs 'y'");

    [TestMethod]
    public void Parse_NodeWithoutOperator_IsRefused() => AssertRefused(Graph([new OnnxNode("", ["x"], ["y"])]), "names no operator");

    [TestMethod]
    public void Parse_TwoAttributesOfOneName_IsRefused() => AssertRefused(Graph([new OnnxNode("Softmax", ["x"], ["y"], OnnxAttribute.Int("axis", 0), OnnxAttribute.Int("axis", 1))]), "two attributes 'axis'");

    [TestMethod]
    public void Parse_AttributeTypeAndValueDisagree_IsRefused() => AssertRefused(
        Model(Message(ProtoFields.Graph.Node, Text(ProtoFields.Node.OpType, "Softmax"),
            Message(ProtoFields.Node.Attribute, Text(ProtoFields.Attribute.Name, "axis"), Number(ProtoFields.Attribute.Type, (int)OnnxAttributeType.Ints), Number(ProtoFields.Attribute.Int, 1)))),
        "declared as Ints but holds Int");

    [TestMethod]
    public void Parse_ReferenceOutsideAFunction_IsRefused() =>
        AssertRefused(Graph([new OnnxNode("LeakyRelu", ["x"], ["y"], OnnxAttribute.Reference("alpha", OnnxAttributeType.Float, "slope"))]), "is in no function");

    [TestMethod]
    public void Parse_RequiredInputIsSequence_IsRefusedAtOpen()
    {
        var model = TestModels.Model(new OnnxGraph("g", [new OnnxNode("SequenceLength", ["s"], ["y"])],
            [new("s", new OnnxSequenceType(new OnnxTensorType(TensorElementType.Float32, null)))], [new("y", new OnnxTensorType(TensorElementType.Int64, []))]));
        AssertRefused(ModelSource.FromBytes(OnnxWriter.ToBytes(model), "m"), "input 's' is of type sequence(float32[...])");
    }

    internal static OnnxModel Graph(OnnxNode[] nodes, params ReadOnlySpan<OnnxTensor> initializers) => TestModels.Model(new OnnxGraph("g", [.. nodes], [_x], [_y], initializers));

    internal static void AssertRefused(OnnxModel model, string expected) => AssertRefused(OnnxWriter.ToBytes(model), expected);

    internal static void AssertRefused(byte[] model, string expected) => AssertRefused(ModelSource.FromBytes(model, "bad"), expected);

    internal static void AssertRefused(ModelSource source, string expected)
    {
        var error = Assert.ThrowsExactly<ModelLoadException>(() => OnnxModelDescriptor.Open(source).Dispose());
        StringAssert.Contains(error.Message, expected);
        Assert.AreEqual(source.Id, error.ModelId);
    }

    private static PreservedFields Preserve(byte[] bytes)
    {
        var preserved = new PreservedFields(new MemorySource(bytes));
        preserved.Add((0, bytes.Length));
        return preserved;
    }
}
