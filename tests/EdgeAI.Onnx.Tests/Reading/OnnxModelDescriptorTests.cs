using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Onnx.Tests;

[TestClass]
public sealed class OnnxModelDescriptorTests
{
    public static IEnumerable<string> BuiltModels => TestModels.All.Keys;

    [TestMethod]
    [DynamicData(nameof(BuiltModels))]
    public void Signature_BuiltModel_EqualsTheNativeRuntimes(string name) => AssertSameSignature(OnnxWriter.ToBytes(TestModels.All[name]));

    [TestMethod]
    public void Signature_SharedModels_EqualTheNativeRuntimes()
    {
        SharedModels.Require("");
        foreach (var path in SharedModels.OnnxFiles) AssertSameSignature(File.ReadAllBytes(path));
    }

    [TestMethod]
    public void Open_SileroVad_DescribesIt()
    {
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(SharedModels.Require("silero-vad/silero_vad_v5.onnx")));
        Assert.AreEqual("(input float32[?,?], state float32[2,?,128], sr int64[]) -> (output float32[?,1], stateN float32[?,?,?])", descriptor.Signature.ToString());
        Assert.AreEqual(545_597, descriptor.ParameterCount);
        Assert.AreEqual(2_183_632, descriptor.WeightBytes);
        Assert.AreEqual(new OperatorUse("", "If", 25, 16), descriptor.Operators.Single(use => use.OpType == "If"));
        Assert.AreEqual(8, descriptor.Model.IrVersion);
    }

    [TestMethod]
    [DataRow("light/light_resnet50.onnx", 53)]
    [DataRow("light/light_squeezenet.onnx", 26)]
    public void Open_LightModel_CountsConvolutions(string path, int expected)
    {
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(SharedModels.Require(path)));
        Assert.AreEqual(expected, descriptor.Operators.Single(use => use.QualifiedName == "Conv").Count);
    }

    [TestMethod]
    public void Signature_InputWithADefault_IsPartOfItOnlyWhereAskedFor()
    {
        var graph = new OnnxGraph(
            "g",
            [new OnnxNode("Add", ["x", "k"], ["y"])],
            [OnnxValueInfo.Tensor("x", TensorElementType.Float32, 1), OnnxValueInfo.Tensor("k", TensorElementType.Float32, 1)],
            [OnnxValueInfo.Tensor("y", TensorElementType.Float32, 1)],
            OnnxTensor.Create<float>("k", [2], 1));
        var source = ModelSource.FromBytes(OnnxWriter.ToBytes(new OnnxModel(graph, 17)), "model");

        using var plain = OnnxModelDescriptor.Open(source);
        using var asked = OnnxModelDescriptor.Open(source, new OnnxReaderOptions { AskedDefaults = ["k", "other"] });

        Assert.AreEqual("(x float32[1]) -> (y float32[1])", plain.Signature.ToString());
        Assert.AreEqual("(x float32[1], k float32[1]) -> (y float32[1])", asked.Signature.ToString());
    }

    [TestMethod]
    public void Operators_FunctionCalledTwice_CountsItsBodyOnceAndNoCalls()
    {
        using var descriptor = Open(TestModels.Function());
        Assert.AreEqual("Add 1", string.Join(", ", descriptor.Operators.Select(use => $"{use.QualifiedName} {use.Count}")));
    }

    [TestMethod]
    public void ParameterCount_InitializersAndConstantsOfAllGraphs_AreCounted()
    {
        using var branches = Open(TestModels.Branches());
        Assert.AreEqual(2, branches.ParameterCount);
        Assert.AreEqual(8, branches.WeightBytes);
        using var constants = Open(TestModels.AttributeKinds());
        Assert.AreEqual(3 + 2, constants.ParameterCount);
        using var packed = Open(TestModels.Int4Weights());
        Assert.AreEqual(6, packed.ParameterCount);
        Assert.AreEqual(3 + 4, packed.WeightBytes);
    }

    [TestMethod]
    public void Signature_OverridableInitializer_IsNotRequired()
    {
        using var descriptor = Open(TestModels.OverridableInitializer());
        Assert.AreEqual("(x float32[n]) -> (y float32[n])", descriptor.Signature.ToString());
    }

    [TestMethod]
    public void Open_OutputIsSequence_IsNamedAsNotATensor()
    {
        var type = new OnnxSequenceType(new OnnxTensorType(TensorElementType.Float32, ["n"]));
        using var descriptor = Open(TestModels.Model(new OnnxGraph("g", [new OnnxNode("SequenceConstruct", ["x"], ["s"]), new OnnxNode("Neg", ["x"], ["y"])],
            [TestModels.Tensor("x", "n")], [new("s", type), new("y", null)])));
        Assert.AreEqual("s", descriptor.NonTensorOutputs.Keys.Single());
        Assert.AreEqual("sequence(float32[n])", descriptor.NonTensorOutputs["s"].ToString());
        Assert.AreEqual(TensorElementType.Undefined, descriptor.Signature.Outputs[0].ElementType);
        Assert.IsFalse(descriptor.Signature.Outputs[1].HasRank);
    }

    [TestMethod]
    public void GetService_OffersGraphAndContent()
    {
        var bytes = OnnxWriter.ToBytes(TestModels.Scale());
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromBytes(bytes, "scale"));
        Assert.AreSame(descriptor.Model, descriptor.GetService<OnnxModel>());
        Assert.AreSame(descriptor, descriptor.GetService<ModelDescriptor>());
        Assert.IsNull(descriptor.GetService<string>());
        Assert.AreEqual(bytes, descriptor.GetService<OnnxModelContent>()!.GetModelBytes());
        Assert.IsEmpty(descriptor.GetService<OnnxModelContent>()!.ExternalFiles);
    }

    [TestMethod]
    public void GetModelBytes_FileReplacedByName_GivesWhatWasChecked()
    {
        using var folder = new TemporaryFolder();
        var bytes = OnnxWriter.ToBytes(TestModels.Scale());
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(folder.Write("m.onnx", bytes)));
        OnnxWriter.Write(TestModels.Convolution(), folder.PathOf("m.onnx"));
        CollectionAssert.AreEqual(bytes, descriptor.GetService<OnnxModelContent>()!.GetModelBytes().ToArray());
    }

    [TestMethod]
    [DataRow("two", "twp", "uses value 'two'")]
    [DataRow("x", "z", "changed")]
    public void GetModelBytes_FileWrittenToAfterOpen_IsCheckedAgain(string from, string to, string expected)
    {
        using var folder = new TemporaryFolder();
        var bytes = OnnxWriter.ToBytes(TestModels.Scale());
        var path = folder.Write("m.onnx", bytes);
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(path));
        var text = System.Text.Encoding.Latin1.GetString(bytes);
        var changed = from == "x" ? text.Replace("\u0001x", "\u0001" + to, StringComparison.Ordinal) : text[..text.LastIndexOf(from, StringComparison.Ordinal)] + to + text[(text.LastIndexOf(from, StringComparison.Ordinal) + 3)..];
        File.WriteAllBytes(path, System.Text.Encoding.Latin1.GetBytes(changed));
        var error = Assert.ThrowsExactly<ModelLoadException>(() => descriptor.GetService<OnnxModelContent>()!.GetModelBytes());
        StringAssert.Contains(error.Message, expected);
    }

    [TestMethod]
    public void GetModelBytes_ChangedModelNamesAnotherFile_IsRefusedWithoutOpeningIt()
    {
        using var folder = new TemporaryFolder();
        OnnxWriter.Write(TestModels.Convolution(), folder.PathOf("m.onnx"), new() { ExternalDataThreshold = 16 });
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(folder.PathOf("m.onnx")));
        folder.Write("n.onnx.data", File.ReadAllBytes(folder.PathOf("m.onnx.data")));
        var text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(folder.PathOf("m.onnx"))).Replace("m.onnx.data", "n.onnx.data", StringComparison.Ordinal);
        File.WriteAllBytes(folder.PathOf("m.onnx"), System.Text.Encoding.Latin1.GetBytes(text));
        var error = Assert.ThrowsExactly<ModelLoadException>(() => descriptor.GetService<OnnxModelContent>()!.GetModelBytes());
        StringAssert.Contains(error.Message, "which it had not when the model was checked");
    }

    [TestMethod]
    public void GetModelBytes_ExternalDataInASubgraph_IsMovedInside()
    {
        using var folder = new TemporaryFolder();
        OnnxWriter.Write(TestModels.Branches(), folder.PathOf("m.onnx"), new() { ExternalDataThreshold = 0 });
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(folder.PathOf("m.onnx")));
        var bytes = descriptor.GetService<OnnxModelContent>()!.GetModelBytes().ToArray();
        File.WriteAllBytes(folder.PathOf("moved.onnx"), bytes);
        using var moved = OnnxReader.Read(folder.PathOf("moved.onnx"));
        Assert.IsInstanceOfType<OnnxExternalData>(moved.Graph.Initializers[0].Data);
        var inner = moved.Graph.Nodes[2].Subgraphs.First().Initializers[0];
        Assert.IsNotInstanceOfType<OnnxExternalData>(inner.Data);
        CollectionAssert.AreEqual(new[] { 10f }, inner.ToArray<float>());
    }

    [TestMethod]
    public void Dispose_LastReference_ClosesTheFile()
    {
        using var folder = new TemporaryFolder();
        OnnxWriter.Write(TestModels.Convolution(), folder.PathOf("m.onnx"));
        var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(folder.PathOf("m.onnx")));
        var tensor = descriptor.Model.Graph.Initializers[0];
        Assert.HasCount(54, tensor.ToArray<float>());
        descriptor.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => tensor.ToArray<float>());
        Assert.ThrowsExactly<ObjectDisposedException>(() => descriptor.GetService<OnnxModelContent>()!.GetModelBytes());
    }

    private static OnnxModelDescriptor Open(OnnxModel model) => OnnxModelDescriptor.Open(ModelSource.FromBytes(OnnxWriter.ToBytes(model), "model"));

    private static void AssertSameSignature(byte[] bytes)
    {
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromBytes(bytes, "model"));
        using var session = NativeRuntime.Open(bytes);
        AssertSame(session.InputNames, session.InputMetadata, descriptor.Signature.Inputs);
        AssertSame(session.OutputNames, session.OutputMetadata, descriptor.Signature.Outputs);
    }

    private static void AssertSame(IReadOnlyList<string> names, IReadOnlyDictionary<string, NodeMetadata> expected, IReadOnlyList<TensorSpec> actual)
    {
        CollectionAssert.AreEqual(names.ToArray(), actual.Select(spec => spec.Name).ToArray());
        foreach (var spec in actual)
        {
            var metadata = expected[spec.Name];
            Assert.AreEqual((int)metadata.ElementDataType, (int)spec.ElementType);
            CollectionAssert.AreEqual(metadata.Dimensions.Select(length => (nint)length).ToArray(), spec.Lengths.ToArray());
            CollectionAssert.AreEqual(metadata.SymbolicDimensions, spec.LengthNames.Select(name => name ?? "").ToArray());
        }
    }
}
