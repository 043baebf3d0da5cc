using System.Runtime.InteropServices;
using EdgeAI.Devices;
using EdgeAI.Onnx;
using static EdgeAI.OnnxRuntime.Tests.RawModel;

namespace EdgeAI.OnnxRuntime.Tests.Sessions;

/// <summary>Weights beside the model reach native code as the memory that was checked; no file is opened under its name again.</summary>
[TestClass]
[DoNotParallelize]
public sealed class ExternalDataTests
{
    private const int Count = 4096;

    private static readonly float[] _weights = [.. Enumerable.Range(0, Count).Select(i => (float)i)];

    [TestMethod]
    [DataRow(Place.Initializer)]
    [DataRow(Place.Constant)]
    [DataRow(Place.Branch)]
    [DataRow(Place.Function)]
    public async Task OpenAsync_WeightsOutside_AreUsedAfterTheFilesAreGone(Place place)
    {
        using var folder = new TemporaryFolder();
        using var model = Open(folder, place, "weights.bin");
        File.Delete(Path.Combine(folder.Path, "weights.bin"));

        await using var session = await TestModels.OpenAsync(model);

        await AssertAddsWeightsAsync(session);
    }

    [TestMethod]
    [DataRow(Place.Initializer)]
    [DataRow(Place.Constant)]
    [DataRow(Place.Branch)]
    [DataRow(Place.Function)]
    public async Task OpenAsync_FileOfThatNameInTheCurrentFolder_IsNotRead(Place place)
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        await File.WriteAllBytesAsync(Path.Combine(elsewhere.Path, "weights.bin"), new byte[4 * Count]);
        using var model = Open(folder, place, "weights.bin");
        var before = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(elsewhere.Path);
        try
        {
            await using var session = await TestModels.OpenAsync(model);
            await AssertAddsWeightsAsync(session);
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }
    }

    [TestMethod]
    [DataRow("sub/folder/weights.bin")]
    [DataRow("./weights.bin")]
    [DataRow("gewichte äöü.bin")]
    public async Task OpenAsync_LocationsOfAnyForm_AreFound(string location)
    {
        using var folder = new TemporaryFolder();
        using var model = Open(folder, Place.Initializer, location);
        await using var session = await TestModels.OpenAsync(model);

        await AssertAddsWeightsAsync(session);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(4)]
    [DataRow(4097)]
    public async Task OpenAsync_AnyOffset_IsReadRight(int offset)
    {
        using var folder = new TemporaryFolder();
        using var model = Open(folder, Place.Initializer, "weights.bin", offset);
        await using var session = await TestModels.OpenAsync(model);

        await AssertAddsWeightsAsync(session);
    }

    [TestMethod]
    public async Task OpenAsync_AlignedWeights_AreBorrowedFromTheMappedFile()
    {
        // Big enough that a copy would show beside the noise of the process's memory.
        const int Large = 32 << 20;
        using var folder = new TemporaryFolder();
        await using (var file = File.Create(Path.Combine(folder.Path, "weights.bin"))) file.SetLength(4L * Large);
        var path = Path.Combine(folder.Path, "model.onnx");
        await File.WriteAllBytesAsync(path, AddWeights(Large, Place.Initializer, "weights.bin", 0));
        using var model = OnnxModelDescriptor.Open(ModelSource.FromFile(path));
        await using (await TestModels.OpenAsync(TestModels.Double())) { }
        var before = AnonymousMemory();
        if (before is null) Assert.Inconclusive("reads /proc/self/status");

        await using var session = await TestModels.OpenAsync(model);

        Assert.IsLessThan(4L * Large / 2, AnonymousMemory()!.Value - before.Value, "the weights were copied");
    }

    [TestMethod]
    public async Task DisposeAsync_WeightsOutside_ReleasesTheFiles()
    {
        using var folder = new TemporaryFolder();
        var model = Open(folder, Place.Initializer, "weights.bin");
        var session = await TestModels.OpenAsync(model);
        model.Dispose();
        Assert.IsFalse(model.IsFreed);

        await session.DisposeAsync();

        Assert.IsTrue(model.IsFreed);
    }

    private static OnnxModelDescriptor Open(TemporaryFolder folder, Place place, string location, int offset = 0)
    {
        var path = Path.Combine(folder.Path, "model.onnx");
        File.WriteAllBytes(path, AddWeights(Count, place, location, offset));
        var data = Path.Combine(folder.Path, location);
        Directory.CreateDirectory(Path.Combine(folder.Path, "sub", "folder"));
        File.WriteAllBytes(data, [.. Enumerable.Repeat((byte)7, offset), .. MemoryMarshal.AsBytes(_weights.AsSpan())]);
        return OnnxModelDescriptor.Open(ModelSource.FromFile(path));
    }

    private static async Task AssertAddsWeightsAsync(IDeviceSession session)
    {
        var input = new float[Count];
        Array.Fill(input, 0.5f);
        using var x = TensorValue.Create(input, Count);
        using var y = (await session.RunAsync([x]))[0];
        CollectionAssert.AreEqual(_weights.Select(w => w + 0.5f).ToArray(), y.AsSpan<float>().ToArray());
    }

    private static long? AnonymousMemory()
    {
        if (!File.Exists("/proc/self/status")) return null;
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
        return line is null ? null : long.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }
}
