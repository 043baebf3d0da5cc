namespace EdgeAI.Onnx.Tests;

[TestClass]
public sealed class OnnxWriterTests
{
    [TestMethod]
    [DataRow(64)]
    [DataRow(4096)]
    public void Write_ExternalData_AlignsItAndGivesTheSameAnswers(int alignment)
    {
        using var folder = new TemporaryFolder();
        var model = TestModels.Convolution();
        OnnxWriter.Write(model, folder.PathOf("m.onnx"), new() { ExternalDataThreshold = 16, ExternalDataAlignment = alignment });
        CollectionAssert.AreEqual(new[] { "m.onnx", "m.onnx.data" }, folder.FileNames);
        CollectionAssert.AreEqual(NativeRuntime.Run(OnnxWriter.ToBytes(model)), NativeRuntime.Run(folder.PathOf("m.onnx")));
        using var read = OnnxReader.Read(folder.PathOf("m.onnx"));
        var external = read.Graph.Initializers.Select(tensor => tensor.Data).OfType<OnnxExternalData>().ToArray();
        Assert.HasCount(2, external);
        Assert.IsTrue(external.All(data => data.Offset % alignment == 0 && data.Location == "m.onnx.data"));
        Assert.IsInstanceOfType<OnnxExternalData>(read.Graph.Initializers[2].Data);
    }

    [TestMethod]
    public void Write_TensorsThatShareTheirData_StoresItOnce()
    {
        using var folder = new TemporaryFolder();
        var written = 0;
        var data = OnnxTensorData.FromWriter(24, stream =>
        {
            written++;
            stream.Write(Enumerable.Range(0, 24).Select(i => (byte)i).ToArray());
        });
        OnnxTensor[] tensors = [OnnxTensor.Create("a", TensorElementType.UInt8, data, 2, 3, 4), OnnxTensor.Create("b", TensorElementType.UInt8, data, 24), OnnxTensor.Create<byte>("c", new byte[24], 24)];
        var graph = new OnnxGraph("g", [], [OnnxValueInfo.Tensor("x", TensorElementType.UInt8, 1)], [OnnxValueInfo.Tensor("x", TensorElementType.UInt8, 1)], tensors);
        OnnxWriter.Write(new OnnxModel(graph, 21), folder.PathOf("m.onnx"), new() { ExternalDataThreshold = 16, ExternalDataAlignment = 64 });

        using var read = OnnxModelDescriptor.Open(ModelSource.FromFile(folder.PathOf("m.onnx")));
        OnnxWriter.Write(read.Model, folder.PathOf("again.onnx"), new() { ExternalDataThreshold = 16, ExternalDataAlignment = 64 });
        using var again = OnnxModelDescriptor.Open(ModelSource.FromFile(folder.PathOf("again.onnx")));

        Assert.AreEqual(1, written);
        foreach (var model in new[] { read, again })
        {
            var offsets = model.Model.Graph.Initializers.Select(tensor => ((OnnxExternalData)tensor.Data).Offset).ToArray();
            CollectionAssert.AreEqual(new long[] { 0, 0, 64 }, offsets);
            CollectionAssert.AreEqual(Enumerable.Range(0, 24).Select(i => (byte)i).ToArray(), model.Model.Graph.Initializers[1].ToArray<byte>());
            Assert.AreEqual(48, model.WeightBytes);
            Assert.AreEqual(48, model.ParameterCount);
        }
    }

    [TestMethod]
    public void Write_NothingOverTheThreshold_WritesOneFile()
    {
        using var folder = new TemporaryFolder();
        OnnxWriter.Write(TestModels.Convolution(), folder.PathOf("m.onnx"), new() { ExternalDataThreshold = 1 << 20 });
        CollectionAssert.AreEqual(new[] { "m.onnx" }, folder.FileNames);
    }

    [TestMethod]
    public void Write_WeightsInASubgraph_GoToTheSecondFileToo()
    {
        using var folder = new TemporaryFolder();
        OnnxWriter.Write(TestModels.Branches(), folder.PathOf("m.onnx"), new() { ExternalDataThreshold = 0 });
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(folder.PathOf("m.onnx")));
        Assert.AreEqual(64 + 4, descriptor.GetService<OnnxModelContent>()!.ExternalFiles[0].Length);
        CollectionAssert.AreEqual(NativeRuntime.Run(OnnxWriter.ToBytes(TestModels.Branches())), NativeRuntime.Run(OnnxWriter.ToBytes(descriptor.Model)));
    }

    [TestMethod]
    public void Write_OverTheFileItWasReadFrom_KeepsTheModel()
    {
        using var folder = new TemporaryFolder();
        var expected = OnnxWriter.ToBytes(TestModels.Convolution());
        OnnxWriter.Write(TestModels.Convolution(), folder.PathOf("m.onnx"), new() { ExternalDataThreshold = 16 });
        using (var model = OnnxReader.Read(folder.PathOf("m.onnx"))) OnnxWriter.Write(model, folder.PathOf("m.onnx"), new() { ExternalDataThreshold = 100 });
        using (var model = OnnxReader.Read(folder.PathOf("m.onnx"))) OnnxWriter.Write(model, folder.PathOf("m.onnx"));
        CollectionAssert.AreEqual(expected, File.ReadAllBytes(folder.PathOf("m.onnx")));
    }

    [TestMethod]
    [DataRow(10)]
    [DataRow(50)]
    public void Write_DataOfAnotherLengthThanAnnounced_LeavesNothingBehind(int given)
    {
        using var folder = new TemporaryFolder();
        var model = WithWeights(OnnxTensorData.FromWriter(40, stream => stream.Write(new byte[given])), 10);
        Assert.ThrowsExactly<InvalidOperationException>(() => OnnxWriter.Write(model, folder.PathOf("m.onnx")));
        Assert.ThrowsExactly<InvalidOperationException>(() => OnnxWriter.Write(model, folder.PathOf("m.onnx"), new() { ExternalDataThreshold = 1 }));
        Assert.IsEmpty(folder.FileNames);
    }

    [TestMethod]
    public void Write_WriterFails_KeepsTheEarlierFiles()
    {
        using var folder = new TemporaryFolder();
        OnnxWriter.Write(TestModels.Convolution(), folder.PathOf("m.onnx"), new() { ExternalDataThreshold = 16 });
        var (model, data) = (File.ReadAllBytes(folder.PathOf("m.onnx")), File.ReadAllBytes(folder.PathOf("m.onnx.data")));
        var failing = WithWeights(OnnxTensorData.FromWriter(40, _ => throw new IOException("The disk is full.")), 10);
        Assert.ThrowsExactly<IOException>(() => OnnxWriter.Write(failing, folder.PathOf("m.onnx"), new() { ExternalDataThreshold = 16 }));
        CollectionAssert.AreEqual(new[] { "m.onnx", "m.onnx.data" }, folder.FileNames);
        CollectionAssert.AreEqual(model, File.ReadAllBytes(folder.PathOf("m.onnx")));
        CollectionAssert.AreEqual(data, File.ReadAllBytes(folder.PathOf("m.onnx.data")));
    }

    [TestMethod]
    public void WriteAroundExternalData_OtherGraph_LeavesTheDataAndGivesTheSameAnswers()
    {
        using var folder = new TemporaryFolder();
        OnnxWriter.Write(TestModels.Convolution(), folder.PathOf("m.onnx"), new() { ExternalDataThreshold = 16 });
        var data = File.ReadAllBytes(folder.PathOf("m.onnx.data"));
        using (var model = OnnxReader.Read(folder.PathOf("m.onnx"))) OnnxWriter.WriteAroundExternalData(model with { ProducerName = "another" }, folder.PathOf("m.onnx"));
        CollectionAssert.AreEqual(new[] { "m.onnx", "m.onnx.data" }, folder.FileNames);
        CollectionAssert.AreEqual(data, File.ReadAllBytes(folder.PathOf("m.onnx.data")));
        CollectionAssert.AreEqual(NativeRuntime.Run(OnnxWriter.ToBytes(TestModels.Convolution())), NativeRuntime.Run(folder.PathOf("m.onnx")));
        using var read = OnnxReader.Read(folder.PathOf("m.onnx"));
        Assert.AreEqual("another", read.ProducerName);
        Assert.HasCount(2, read.Graph.Initializers.Select(tensor => tensor.Data).OfType<OnnxExternalData>());
    }

    [TestMethod]
    public void Write_Directory_Throws()
    {
        using var folder = new TemporaryFolder();
        Assert.ThrowsExactly<IOException>(() => OnnxWriter.Write(TestModels.Scale(), folder.Path));
        Assert.IsEmpty(folder.FileNames);
    }

    [TestMethod]
    public void Write_OverTwoGigabytes_AdvisesExternalDataBeforeAnythingIsWritten()
    {
        using var folder = new TemporaryFolder();
        var model = WithWeights(OnnxTensorData.FromWriter(3L << 30, _ => throw new InvalidDataException("Not to be asked for.")), 3 << 28);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => OnnxWriter.Write(model, folder.PathOf("m.onnx"))).Message, "ExternalDataThreshold");
        Assert.ThrowsExactly<InvalidOperationException>(() => OnnxWriter.ToBytes(model));
        Assert.ThrowsExactly<InvalidOperationException>(() => OnnxWriter.Write(model, Stream.Null));
        Assert.IsEmpty(folder.FileNames);
    }

    [TestMethod]
    public void Write_GeneratedWeights_TakesLittleMemory()
    {
        using var folder = new TemporaryFolder();
        const int Length = 200_000_000;
        var chunk = new byte[1_000_000];
        var model = WithWeights(OnnxTensorData.FromWriter(Length, stream =>
        {
            for (var written = 0; written < Length; written += chunk.Length) stream.Write(chunk);
        }), Length / 4);
        var before = GC.GetAllocatedBytesForCurrentThread();
        OnnxWriter.Write(model, folder.PathOf("m.onnx"), new() { ExternalDataThreshold = 1024 });
        Assert.IsLessThan(2_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.AreEqual(Length, new FileInfo(folder.PathOf("m.onnx.data")).Length);
    }

    [TestMethod]
    [DataRow(-1L, 64)]
    [DataRow(1L, 32)]
    [DataRow(1L, 96)]
    public void Write_OptionOutOfRange_Throws(long threshold, int alignment)
    {
        using var folder = new TemporaryFolder();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => OnnxWriter.Write(TestModels.Scale(), folder.PathOf("m.onnx"), new() { ExternalDataThreshold = threshold, ExternalDataAlignment = alignment }));
    }

    private static OnnxModel WithWeights(OnnxTensorData data, nint count) =>
        BadModelTests.Graph([new OnnxNode("Neg", ["x"], ["y"])], OnnxTensor.Create("w", TensorElementType.Float32, data, count));
}
