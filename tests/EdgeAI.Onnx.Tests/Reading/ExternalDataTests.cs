using System.Runtime.InteropServices;
using static EdgeAI.Onnx.Tests.RawModels;

namespace EdgeAI.Onnx.Tests;

/// <summary>Files beside a model: which are opened, and that nothing can be swapped afterwards.</summary>
[TestClass]
public sealed class ExternalDataTests
{
    private static readonly float[] _weights = [1f, 2f, 3f];

    [TestMethod]
    public void Open_FileBesideTheModel_ReadsAndMapsIt()
    {
        using var folder = new TemporaryFolder();
        var path = WriteModel(folder, ("location", "w.bin"), ("offset", "4"), ("length", "12"));
        folder.Write("w.bin", [9, 9, 9, 9, .. MemoryMarshal.AsBytes<float>(_weights)]);
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(path));
        CollectionAssert.AreEqual(_weights, descriptor.Model.Graph.Initializers[0].ToArray<float>());
        var file = descriptor.GetService<OnnxModelContent>()!.ExternalFiles.Single();
        Assert.AreEqual("w.bin", file.Location);
        Assert.AreEqual(16, file.Length);
        Assert.AreEqual(2f, MarshalFloat(file.Address + 8));
        Assert.AreEqual(12, descriptor.WeightBytes);
        Assert.AreEqual(3, descriptor.ParameterCount);
    }

    [TestMethod]
    public void DropPages_FileIsMapped_IsReadFromTheFileAgain()
    {
        using var folder = new TemporaryFolder();
        var path = WriteModel(folder, ("location", "w.bin"));
        folder.Write("w.bin", Bytes12());
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(path));
        var file = descriptor.GetService<OnnxModelContent>()!.ExternalFiles.Single();
        file.DropPages();
        Assert.AreEqual(1f, MarshalFloat(file.Address));

        file.DropPages();

        Assert.AreEqual(3f, MarshalFloat(file.Address + 8));
    }

    [TestMethod]
    public void Open_FileInASubfolder_IsRead()
    {
        using var folder = new TemporaryFolder();
        var path = WriteModel(folder, ("location", "weights/w.bin"));
        folder.Write("weights/w.bin", Bytes12());
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(path));
        CollectionAssert.AreEqual(_weights, descriptor.Model.Graph.Initializers[0].ToArray<float>());
    }

    [TestMethod]
    public void Open_FileIsMissing_SaysWhereToPutIt()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(WriteModel(folder, ("location", "w.bin")), "tensor 't' has external data in 'w.bin', which cannot be found");
    }

    [TestMethod]
    [DataRow("offset", "8", "needs bytes 8 to 20 of 'w.bin', which has 12")]
    [DataRow("offset", "9223372036854775807", "which has 12")]
    [DataRow("offset", "-4", "expected a number of bytes")]
    [DataRow("offset", "0x4", "expected a number of bytes")]
    [DataRow("offset", "99999999999999999999", "expected a number of bytes")]
    [DataRow("length", "8", "needs 12 bytes but its external data declares 8")]
    [DataRow("length", "99999", "declares 99999")]
    [DataRow("basepath", "/", "unknown entry 'basepath'")]
    [DataRow("location", "w.bin", "two entries 'location'")]
    public void Open_BadEntry_IsRefused(string key, string value, string expected)
    {
        using var folder = new TemporaryFolder();
        folder.Write("w.bin", Bytes12());
        AssertRefused(WriteModel(folder, ("location", "w.bin"), (key, value)), expected);
    }

    [TestMethod]
    public void Open_NoLocation_IsRefused()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(WriteModel(folder, ("offset", "0")), "without a location");
    }

    [TestMethod]
    [DataRow("/etc/hostname", "absolute")]
    [DataRow("C:\\weights.bin", "absolute")]
    [DataRow("\\\\server\\share\\w.bin", "absolute")]
    [DataRow("../w.bin", "leads out of the folder")]
    [DataRow("sub/../../w.bin", "leads out of the folder")]
    [DataRow("sub\\..\\..\\w.bin", "leads out of the folder")]
    [DataRow("*/_ORT_MEM_ADDR_/*", "memory addresses")]
    [DataRow("w\0.bin", "zero character")]
    public void Open_LocationIsNoPathWithinTheFolder_IsRefused(string location, string expected)
    {
        using var folder = new TemporaryFolder();
        folder.Write("w.bin", Bytes12());
        AssertRefused(WriteModel(folder, "models/m.onnx", ("location", location)), expected);
    }

    [TestMethod]
    public void Open_MemoryMarkerThatIsAFile_IsRefusedAllTheSame()
    {
        using var folder = new TemporaryFolder();
        folder.Write("*/_ORT_MEM_ADDR_/*", Bytes12());
        AssertRefused(WriteModel(folder, ("location", "*/_ORT_MEM_ADDR_/*")), "memory addresses");
    }

    [TestMethod]
    public void Open_Directory_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.PathOf("w.bin"));
        AssertRefused(WriteModel(folder, ("location", "w.bin")), "not a regular file but a directory");
    }

    [TestMethod]
    [Timeout(10_000)]
    [OSCondition(OperatingSystems.Linux)]
    public void Open_Pipe_IsRefusedWithoutBeingOpened()
    {
        using var folder = new TemporaryFolder();
        LinuxFiles.CreatePipe(folder.PathOf("w.bin"));
        AssertRefused(WriteModel(folder, ("location", "w.bin")), "not a regular file but a pipe");
    }

    [TestMethod]
    [Timeout(10_000)]
    [OSCondition(OperatingSystems.Linux)]
    public void Open_LinkToAPipeOutside_IsRefusedWithoutBeingOpened()
    {
        using var folder = new TemporaryFolder();
        LinuxFiles.CreatePipe(folder.PathOf("elsewhere/pipe"));
        File.CreateSymbolicLink(folder.PathOf("models/w.bin"), folder.PathOf("elsewhere/pipe"));
        AssertRefused(WriteModel(folder, "models/m.onnx", ("location", "w.bin")), "not a regular file");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Open_LinkToADeviceInADeclaredRoot_IsRefused()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.PathOf("w.bin"), "/dev/zero");
        AssertRefused(WriteModel(folder, ("location", "w.bin")), "device", new() { ExternalDataRoots = ["/dev"] });
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("models/w.bin", "elsewhere/w.bin", "w.bin")]
    [DataRow("models/sub", "elsewhere", "sub/w.bin")]
    public void Open_LinkLeadsOut_IsRefusedUnlessTheFolderIsDeclared(string link, string target, string location)
    {
        using var folder = new TemporaryFolder();
        folder.Write("elsewhere/w.bin", Bytes12());
        File.CreateSymbolicLink(folder.PathOf(link), folder.PathOf(target));
        var path = WriteModel(folder, "models/m.onnx", ("location", location));
        AssertRefused(path, "really lies at");
        AssertRefused(path, "really lies at", new() { ExternalDataRoots = [folder.PathOf("else"), folder.PathOf("none")] });
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(path), new() { ExternalDataRoots = [folder.PathOf("elsewhere")] });
        CollectionAssert.AreEqual(_weights, descriptor.Model.Graph.Initializers[0].ToArray<float>());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Open_HubCacheOfLinks_IsReadWhenItsBlobsAreDeclared()
    {
        using var folder = new TemporaryFolder();
        folder.Write("blobs/model", File.ReadAllBytes(WriteModel(folder, ("location", "w.bin"))));
        folder.Write("blobs/weights", Bytes12());
        File.CreateSymbolicLink(folder.PathOf("snapshots/1/m.onnx"), "../../blobs/model");
        File.CreateSymbolicLink(folder.PathOf("snapshots/1/w.bin"), "../../blobs/weights");
        AssertRefused(folder.PathOf("snapshots/1/m.onnx"), "outside");
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(folder.PathOf("snapshots/1/m.onnx")), new() { ExternalDataRoots = [folder.PathOf("blobs")] });
        Assert.AreEqual(3, descriptor.ParameterCount);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Open_ModelFolderIsALink_IsRead()
    {
        using var folder = new TemporaryFolder();
        WriteModel(folder, "real/m.onnx", ("location", "w.bin"));
        folder.Write("real/w.bin", Bytes12());
        File.CreateSymbolicLink(folder.PathOf("link"), folder.PathOf("real"));
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(folder.PathOf("link/m.onnx")));
        Assert.AreEqual(3, descriptor.ParameterCount);
    }

    [TestMethod]
    public void Open_ModelInMemory_IsRefused() =>
        BadModelTests.AssertRefused(ModelWithTensor(External(("location", "w.bin"))), "a model in memory has no folder");

    [TestMethod]
    public void Open_ExternalStrings_IsRefused() => BadModelTests.AssertRefused(
        ModelWithTensor(Number(ProtoFields.Tensor.ElementType, (int)TensorElementType.String), Number(ProtoFields.Tensor.DataLocation, 1)), "which strings cannot have");

    [TestMethod]
    public void Open_InlineAndExternalData_IsRefused() => BadModelTests.AssertRefused(
        ModelWithTensor(External(("location", "w.bin")), RawModels.Bytes(ProtoFields.Tensor.RawData, Bytes12())), "both external and inline data");

    [TestMethod]
    public void Address_FileReplacedAfterOpen_ShowsWhatWasChecked()
    {
        using var folder = new TemporaryFolder();
        var path = WriteModel(folder, ("location", "w.bin"));
        folder.Write("w.bin", Bytes12());
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(path));
        folder.Write("other", new byte[12]);
        File.Move(folder.PathOf("other"), folder.PathOf("w.bin"), overwrite: true);
        Assert.AreEqual(1f, MarshalFloat(descriptor.GetService<OnnxModelContent>()!.ExternalFiles[0].Address));
    }

    [TestMethod]
    public void Address_FileShortenedAfterOpen_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = WriteModel(folder, ("location", "w.bin"));
        folder.Write("w.bin", Bytes12());
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(path));
        using (var file = new FileStream(folder.PathOf("w.bin"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) file.SetLength(5);
        var error = Assert.ThrowsExactly<ModelLoadException>(() => descriptor.GetService<OnnxModelContent>()!.ExternalFiles[0].Address);
        StringAssert.Contains(error.Message, "had 12 bytes when it was checked and has 5 now");
    }

    [TestMethod]
    public void Address_DescriptorFreed_Throws()
    {
        using var folder = new TemporaryFolder();
        var path = WriteModel(folder, ("location", "w.bin"));
        folder.Write("w.bin", Bytes12());
        var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(path));
        var file = descriptor.GetService<OnnxModelContent>()!.ExternalFiles[0];
        descriptor.Retain();
        descriptor.Dispose();
        Assert.AreNotEqual(0, file.Address);
        descriptor.Release();
        Assert.ThrowsExactly<ObjectDisposedException>(() => file.Address);
    }

    [TestMethod]
    public void Open_ThreeGigabytesOfExternalData_ReadsNoneOfIt()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("m.onnx", ModelWithTensor(wire => wire.WritePacked(ProtoFields.Tensor.Lengths, [3L << 30]), Number(ProtoFields.Tensor.ElementType, (int)TensorElementType.UInt8), ExternalEntries(("location", "w.bin"))));
        using (var file = File.Create(folder.PathOf("w.bin"))) file.SetLength(3L << 30);
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(path));
        Assert.IsLessThan(1_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.AreEqual(3L << 30, descriptor.WeightBytes);
    }

    private static byte[] Bytes12() => MemoryMarshal.AsBytes<float>(_weights).ToArray();

    private static unsafe float MarshalFloat(nint address) => *(float*)address;

    private static Action<WireWriter> External(params (string Key, string Value)[] entries) => wire =>
    {
        wire.WritePacked(ProtoFields.Tensor.Lengths, [3L]);
        wire.WriteInt64(ProtoFields.Tensor.ElementType, (int)TensorElementType.Float32);
        ExternalEntries(entries)(wire);
    };

    private static Action<WireWriter> ExternalEntries(params (string Key, string Value)[] entries) => wire =>
    {
        wire.WriteInt64(ProtoFields.Tensor.DataLocation, 1);
        foreach (var (key, value) in entries) Message(ProtoFields.Tensor.ExternalData, Text(ProtoFields.Entry.Key, key), Text(ProtoFields.Entry.Value, value))(wire);
    };

    private static string WriteModel(TemporaryFolder folder, params (string Key, string Value)[] entries) => WriteModel(folder, "m.onnx", entries);

    private static string WriteModel(TemporaryFolder folder, string name, params (string Key, string Value)[] entries) => folder.Write(name, ModelWithTensor(External(entries)));

    private static void AssertRefused(string path, string expected, OnnxReaderOptions? options = null)
    {
        var error = Assert.ThrowsExactly<ModelLoadException>(() => OnnxModelDescriptor.Open(ModelSource.FromFile(path), options).Dispose());
        StringAssert.Contains(error.Message, expected);
    }
}
