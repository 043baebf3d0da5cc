namespace EdgeAI.Generation.Tests.Building;

[TestClass]
public sealed class DecoderFamilyTests
{
    public static IEnumerable<object[]> Names => SmallModels.Names.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public async Task Build_Float32_LogitsAreTheReferences(string name)
    {
        var model = SmallModels.Create(name);
        var expected = model.Expect();
        using var folder = new TemporaryFolder();
        await BuildAsync(model, folder.PathOf("model"), new() { Precision = ModelPrecision.Float32, ContextLength = name.StartsWith("longrope", StringComparison.Ordinal) ? 16 : null });

        Assert.IsLessThan(1e-4, SmallModel.Distance(expected, await SmallModel.RunAsync(folder.PathOf("model"), 12)), "in one go");
        Assert.IsLessThan(1e-4, SmallModel.Distance(expected, await SmallModel.RunAsync(folder.PathOf("model"), 5, 4, 1, 1, 1)), "through the cache");
    }

    internal static Task<ModelBuildReport> BuildAsync(SmallModel model, string folder, ModelBuildOptions options) =>
        ModelBuilder.BuildAsync(model.Checkpoint, folder, options, null, TimeProvider.System, default);
}
