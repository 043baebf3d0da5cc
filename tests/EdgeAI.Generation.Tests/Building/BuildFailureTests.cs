namespace EdgeAI.Generation.Tests.Building;

/// <summary>Builds that fail while they write: an error of a known type, nothing half-made left, and an earlier build as it was.</summary>
[TestClass]
public sealed class BuildFailureTests
{
    [TestMethod]
    [DataRow(ModelPrecision.Float32)]
    [DataRow(ModelPrecision.Int4)]
    public async Task Build_DiskIsFull_LeavesNothingAndTheEarlierBuild(ModelPrecision precision)
    {
        using var disk = SmallDisk.Mount(kilobytes: 1024);
        var output = Path.Join(disk.Path, "model");
        await DecoderFamilyTests.BuildAsync(SmallModels.Create("llama"), output, new() { Precision = ModelPrecision.Int8 });
        var (before, free) = (File.ReadAllBytes(Path.Join(output, "model.onnx.data")), disk.FreeBytes);

        // Over a million weights.
        await Assert.ThrowsExactlyAsync<IOException>(() => DecoderFamilyTests.BuildAsync(SmallModels.CreateWide(hidden: 128, isTied: false), output, new() { Precision = precision }));

        CollectionAssert.AreEqual(new[] { output }, Directory.GetFileSystemEntries(disk.Path));
        CollectionAssert.AreEqual(before, File.ReadAllBytes(Path.Join(output, "model.onnx.data")));
        Assert.AreEqual(free, disk.FreeBytes);
    }

    [TestMethod]
    [DataRow(ModelPrecision.Float32)]
    [DataRow(ModelPrecision.Int4)]
    public async Task Build_WeightCannotBeRead_LeavesNothing(ModelPrecision precision)
    {
        using var folder = new TemporaryFolder();
        var model = SmallModels.Create("llama");
        model.Checkpoint.Break("model.layers.2.mlp.down_proj.weight");

        var error = await Assert.ThrowsExactlyAsync<EndOfStreamException>(() => DecoderFamilyTests.BuildAsync(model, folder.PathOf("model"), new() { Precision = precision }));

        Assert.Contains("model.layers.2.mlp.down_proj.weight", error.Message);
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public async Task Load_WeightsWereCutOff_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await DecoderFamilyTests.BuildAsync(SmallModels.Create("llama"), folder.PathOf("model"), new());
        var data = folder.PathOf("model/model.onnx.data");
        File.WriteAllBytes(data, File.ReadAllBytes(data)[..^4096]);

        var error = await Assert.ThrowsExactlyAsync<ModelLoadException>(() => LoadedFolder.OpenAsync(folder.PathOf("model")));

        Assert.Contains("model.onnx.data", error.Message);
    }
}
