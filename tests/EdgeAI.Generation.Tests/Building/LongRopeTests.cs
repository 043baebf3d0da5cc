namespace EdgeAI.Generation.Tests.Building;

/// <summary>
/// Longrope has two sets of factors, and keys stay in the cache as they were turned: a sequence cannot change from one to the other. What is built has one of them, for the context that is
/// asked for, and serves no longer sequences than that; of a folder with both, the context that it is loaded with decides, for all sequences and from their first token on.
/// </summary>
[TestClass]
public sealed class LongRopeTests
{
    private const int Original = SmallModels.Original;

    private static readonly int[] _prompt = SmallModel.Prompt[..5];

    [TestMethod]
    [DataRow(null)]
    [DataRow(Original)]
    public async Task Build_ContextUpToTheOriginal_TurnsByTheShortFactors(int? contextLength)
    {
        var model = SmallModels.CreateShortLongRope();
        using var folder = new TemporaryFolder();
        await DecoderFamilyTests.BuildAsync(model, folder.PathOf("model"), new() { Precision = ModelPrecision.Float32, ContextLength = contextLength });
        var expected = model.Reference.Run(SmallModel.Prompt[..Original], model.ValuesOf);

        await using var decoder = await RunningDecoder.OpenAsync(folder.PathOf("model"), capacity: Original);
        float[] actual = [.. await decoder.RunAsync(SmallModel.Prompt[..6], 0), .. await decoder.RunAsync(SmallModel.Prompt[6..7], 6), .. await decoder.RunAsync(SmallModel.Prompt[7..8], 7)];

        Assert.IsLessThan(1e-4, SmallModel.Distance(expected, actual));
    }

    [TestMethod]
    public async Task Build_ContextBeyondTheOriginal_TurnsShortPromptsByTheLongFactorsToo()
    {
        var model = SmallModels.Create("longrope, long");
        using var folder = new TemporaryFolder();
        await DecoderFamilyTests.BuildAsync(model, folder.PathOf("model"), new() { Precision = ModelPrecision.Float32, ContextLength = Original + 1 });
        var expected = model.Reference.Run(_prompt, model.ValuesOf);

        await using var decoder = await RunningDecoder.OpenAsync(folder.PathOf("model"), capacity: Original + 1);

        Assert.IsLessThan(1e-4, SmallModel.Distance(expected, await decoder.RunAsync(_prompt, 0)));
    }

    [TestMethod]
    public async Task Generate_ModelOfTheOriginalContext_EndsThereAndRefusesLongerPrompts()
    {
        var model = SmallModels.CreateShortLongRope();
        using var folder = new TemporaryFolder();
        await DecoderFamilyTests.BuildAsync(model, folder.PathOf("model"), new() { Precision = ModelPrecision.Float32 });
        await using var loaded = await LoadedFolder.OpenAsync(folder.PathOf("model"));

        var answer = await loaded.GenerateAsync(_prompt, count: 20);

        Assert.AreEqual(Original, loaded.Generator.Model.ContextLength);
        Assert.IsInRange(Original - _prompt.Length, Original - _prompt.Length + 1, answer.Length);
        GenAIFolderTests.AssertChosen(model.Reference, model.ValuesOf, _prompt, answer, tie: 1e-3);
        await Assert.ThrowsExactlyAsync<InvalidInputException>(() => loaded.GenerateAsync(SmallModel.Prompt, count: 1));
    }

    /// <summary>The other builder's graph chooses by the length of the mask, which always spans the cache: the choice is the same for all of a sequence.</summary>
    [TestMethod]
    [DataRow(Original, false)]
    [DataRow(Original + 1, true)]
    [DataRow(GenAIModel.Context, true)]
    public async Task Generate_FolderWithBothTables_TheContextThatItIsLoadedWithDecides(int contextLength, bool isLong)
    {
        var model = SmallModels.Create("llama");
        using var folder = new TemporaryFolder();
        GenAIModel.Write(model, folder.PathOf("model"), new GenAIModelOptions { IsPacked = true, LongRope = (Original, SmallModels.ShortFactor, SmallModels.LongFactor) });
        await using var loaded = await LoadedFolder.OpenAsync(folder.PathOf("model"), new TextGeneratorOptions { ContextLength = contextLength });

        var answer = await loaded.GenerateAsync([5, 81], count: contextLength == Original ? 6 : 12);

        double Factor(int pair) => isLong ? SmallModels.LongFactor(pair) : SmallModels.ShortFactor(pair);
        var reference = model.Reference with { Frequency = (_, pair) => Math.Pow(10_000, -2.0 * pair / model.Reference.HeadSize) / Factor(pair) };
        GenAIFolderTests.AssertChosen(reference, model.ValuesOf, [5, 81], answer, tie: 1e-3);
    }
}
