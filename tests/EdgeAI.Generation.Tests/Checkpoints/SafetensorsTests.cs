using System.Runtime.InteropServices;

namespace EdgeAI.Generation.Tests;

/// <summary>Reads what a safetensors file holds.</summary>
[TestClass]
public sealed class SafetensorsTests
{
    private static readonly float[] _values = [.. Enumerable.Range(0, 40).Select(i => (i - 17) / 16f)];

    [TestMethod]
    [DataRow(WeightFormat.Float32)]
    [DataRow(WeightFormat.Float16)]
    [DataRow(WeightFormat.BFloat16)]
    public void ReadRows_EachFormat_GivesTheValues(object format)
    {
        using var folder = Folder(new SafetensorsFile().Add("other", [1f, 2f], [2]).Add("w", _values, [4, 10], (WeightFormat)format));
        using var checkpoint = Checkpoint.Open(folder.Path);
        var weight = checkpoint.Weights["w"];
        var all = new float[40];
        weight.ReadRows(0, all);
        CollectionAssert.AreEqual(_values, all);
        var two = new float[20];
        weight.ReadRows(1, two);
        CollectionAssert.AreEqual(_values[10..30], two);
        CollectionAssert.AreEqual(new long[] { 4, 10 }, weight.Lengths.ToArray());
        Assert.AreEqual((WeightFormat)format, weight.Format);
        Assert.AreEqual("w", weight.Name);
    }

    [TestMethod]
    public void ReadRows_EveryBFloat16_IsExact()
    {
        var bits = Enumerable.Range(0, 65536).Select(i => (ushort)i).ToArray();
        using var folder = Folder(new SafetensorsFile().Add("w", "BF16", MemoryMarshal.AsBytes<ushort>(bits), [65536]));
        using var checkpoint = Checkpoint.Open(folder.Path);
        var values = new float[65536];
        checkpoint.Weights["w"].ReadRows(0, values);
        foreach (var b in bits) Assert.AreEqual((uint)b << 16, BitConverter.SingleToUInt32Bits(values[b]));
    }

    [TestMethod]
    public void ReadRows_EveryFiniteFloat16_IsExact()
    {
        var bits = Enumerable.Range(0, 65536).Select(i => (ushort)i).ToArray();
        using var folder = Folder(new SafetensorsFile().Add("w", "F16", MemoryMarshal.AsBytes<ushort>(bits), [65536]));
        using var checkpoint = Checkpoint.Open(folder.Path);
        var values = new float[65536];
        checkpoint.Weights["w"].ReadRows(0, values);
        foreach (var b in bits)
        {
            // By the definition of binary16.
            var (exponent, fraction) = ((b >> 10) & 31, b & 1023);
            if (exponent == 31) continue;
            var magnitude = exponent == 0 ? fraction * double.ScaleB(1, -24) : (1024 + fraction) * double.ScaleB(1, exponent - 25);
            Assert.AreEqual(b >> 15 == 0 ? magnitude : -magnitude, values[b]);
        }
    }

    [TestMethod]
    public void ReadRows_LongerThanOneChunk_GivesTheValues()
    {
        var values = Enumerable.Range(0, 300_000).Select(i => (float)(i % 256)).ToArray();
        using var folder = Folder(new SafetensorsFile().Add("w", values, [3, 100_000], WeightFormat.Float16));
        using var checkpoint = Checkpoint.Open(folder.Path);
        var read = new float[values.Length];
        checkpoint.Weights["w"].ReadRows(0, read);
        CollectionAssert.AreEqual(values, read);
    }

    [TestMethod]
    public void ReadRaw_MiddleRow_GivesItsBytes()
    {
        using var folder = Folder(new SafetensorsFile().Add("w", _values, [4, 10]));
        using var checkpoint = Checkpoint.Open(folder.Path);
        var bytes = new byte[40];
        checkpoint.Weights["w"].ReadRaw(2, bytes);
        CollectionAssert.AreEqual(_values[20..30], MemoryMarshal.Cast<byte, float>(bytes).ToArray());
    }

    [TestMethod]
    [DataRow(-1, 10)]
    [DataRow(4, 10)]
    [DataRow(3, 20)]
    [DataRow(0, 9)]
    public void ReadRows_RowsThatAreNotThere_IsAnArgumentError(int firstRow, int length)
    {
        using var folder = Folder(new SafetensorsFile().Add("w", _values, [4, 10]));
        using var checkpoint = Checkpoint.Open(folder.Path);
        var weight = checkpoint.Weights["w"];
        Assert.Throws<ArgumentException>(() => weight.ReadRows(firstRow, new float[length]));
        Assert.Throws<ArgumentException>(() => weight.ReadRaw(firstRow, new byte[length * 4]));
    }

    [TestMethod]
    public void ReadRows_ScalarVectorAndEmpty_HaveTheirLengths()
    {
        using var folder = Folder(new SafetensorsFile().Add("s", [3f], []).Add("v", [1f, 2f], [2]).Add("e", [], [0, 5]));
        using var checkpoint = Checkpoint.Open(folder.Path);
        var scalar = new float[1];
        checkpoint.Weights["s"].ReadRows(0, scalar);
        Assert.AreEqual(3f, scalar[0]);
        Assert.AreEqual(1, checkpoint.Weights["v"].Rows);
        Assert.AreEqual(2, checkpoint.Weights["v"].Columns);
        Assert.AreEqual(0, checkpoint.Weights["e"].Rows);
        checkpoint.Weights["e"].ReadRows(0, []);
    }

    [TestMethod]
    public void ReadRows_FromManyThreads_GivesEachItsRows()
    {
        var values = Enumerable.Range(0, 64 * 500).Select(i => (float)i).ToArray();
        using var folder = Folder(new SafetensorsFile().Add("w", values, [64, 500]));
        using var checkpoint = Checkpoint.Open(folder.Path);
        var weight = checkpoint.Weights["w"];
        Parallel.For(0, 640, i =>
        {
            var row = new float[500];
            weight.ReadRows(i % 64, row);
            CollectionAssert.AreEqual(values[(i % 64 * 500)..((i % 64 * 500) + 500)], row);
        });
    }

    [TestMethod]
    public void ReadRows_FileShortenedAfterOpen_IsAnIOException()
    {
        using var folder = Folder(new SafetensorsFile().Add("w", _values, [4, 10]));
        using var checkpoint = Checkpoint.Open(folder.Path);
        using (var file = new FileStream(folder.PathOf("model.safetensors"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) file.SetLength(100);
        Assert.Throws<IOException>(() => checkpoint.Weights["w"].ReadRows(0, new float[40]));
    }

    [TestMethod]
    public void Open_SharedModel_HasItsWeights()
    {
        using var checkpoint = Checkpoint.Open(Path.GetDirectoryName(SharedData.Require("models/llama-260k/config.json"))!);
        Assert.AreEqual("llama", (string?)checkpoint.Configuration["model_type"]);
        Assert.AreEqual(260_032, checkpoint.Weights.Values.Sum(weight => weight.Rows * weight.Columns));
        CollectionAssert.AreEqual(new long[] { 172, 64 }, checkpoint.Weights["model.layers.4.mlp.up_proj.weight"].Lengths.ToArray());
        Assert.IsFalse(checkpoint.HasInterleavedRotaryRows);
    }

    internal static TemporaryFolder Folder(SafetensorsFile file) => Folder(file.ToBytes());

    internal static TemporaryFolder Folder(byte[] file)
    {
        var folder = new TemporaryFolder().With("config.json", """{"model_type":"llama"}""");
        folder.Write("model.safetensors", file);
        return folder;
    }
}
