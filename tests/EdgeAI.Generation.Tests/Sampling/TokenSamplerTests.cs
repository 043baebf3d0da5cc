namespace EdgeAI.Generation;

[TestClass]
public sealed class TokenSamplerTests
{
    private static readonly float[] _logits = [1, 3, 2, 3, float.NegativeInfinity];

    [TestMethod]
    public void Choose_Greedy_TakesTheLowestOfTheMostProbable() => Assert.AreEqual(1, Sampler(GenerationOptions.Default, 5).Choose(_logits));

    [TestMethod]
    [DataRow(new[] { -0f, 0f, 0f })]
    [DataRow(new[] { 0f, -0f, 0f })]
    public void Choose_GreedyBetweenZeros_IgnoresTheirSign(float[] logits) => Assert.AreEqual(0, Sampler(GenerationOptions.Default, 3).Choose(logits));

    [TestMethod]
    public void Choose_Biased_TakesWhatTheBiasMakesMostProbable()
    {
        var options = new GenerationOptions { LogitBias = new Dictionary<int, float> { [1] = float.NegativeInfinity, [3] = -0.5f, [2] = 0.6f } };

        Assert.AreEqual(2, Sampler(options, 5).Choose(_logits));
        Assert.AreEqual(3, _logits[1], "the model's logits are left as they are");
    }

    [TestMethod]
    public void Choose_Masked_TakesOnlyWhatIsAllowed()
    {
        Assert.AreEqual(2, Sampler(GenerationOptions.Default, 5).Choose(_logits, [0b00101]));
        Assert.AreEqual(0, Sampler(new GenerationOptions { Temperature = 5, Seed = 1 }, 5).Choose(_logits, [0b10001]));
    }

    [TestMethod]
    public void Choose_RepetitionPenalty_CountsPromptAndAnswerOnce()
    {
        var sampler = Sampler(new GenerationOptions { RepetitionPenalty = 2 }, 4, prompt: [0, 0]);

        // 8 of the prompt becomes 4, -1 of the answer's becomes -2, and no more than that however often they come.
        Assert.AreEqual(1, sampler.Choose([8, 5, 1, -1]));
        Assert.AreEqual(0, sampler.Choose([8, 5, 1, -1]));
        Assert.AreEqual(0, sampler.Choose([8, 5, 3.9f, -1]));
        Assert.AreEqual(3, sampler.Choose([-2, -1.5f, -3, -2.5f]));
    }

    [TestMethod]
    public void Choose_PresenceAndFrequencyPenalty_CountTheAnswerOnly()
    {
        var presence = Sampler(new GenerationOptions { PresencePenalty = 1 }, 2, prompt: [0]);
        var frequency = Sampler(new GenerationOptions { FrequencyPenalty = 1 }, 2, prompt: [0]);
        float[] logits = [2.5f, 0];

        CollectionAssert.AreEqual(new[] { 0, 0, 0, 0, 0 }, Enumerable.Range(0, 5).Select(_ => presence.Choose(logits)).ToArray());
        CollectionAssert.AreEqual(new[] { 0, 0, 0, 1, 0 }, Enumerable.Range(0, 5).Select(_ => frequency.Choose(logits)).ToArray());
    }

    [TestMethod]
    public void Accept_TokenOfTheAnswer_CountsAsIfItWereChosen()
    {
        var sampler = Sampler(new GenerationOptions { PresencePenalty = 1 }, 2);
        sampler.Accept(0);

        Assert.AreEqual(1, sampler.Choose([1, 0.5f]));
    }

    [TestMethod]
    [DataRow(0f)]
    [DataRow(1f)]
    public void Choose_BrokenLogits_SaysWhichAndWhere(float temperature)
    {
        var sampler = Sampler(new GenerationOptions { Temperature = temperature, Seed = 3 }, 4);
        sampler.Choose([1, 2, 3, 4]);

        StringAssert.Contains(Assert.Throws<TokenSelectionException>(() => sampler.Choose([0, float.NaN, 2, 3])).Message, "place 1 of the answer: a logit is NaN", StringComparison.Ordinal);
        StringAssert.Contains(Assert.Throws<TokenSelectionException>(() => sampler.Choose([0, float.PositiveInfinity, 2, 3])).Message, "infinite", StringComparison.Ordinal);
        StringAssert.Contains(Assert.Throws<TokenSelectionException>(() => sampler.Choose([0, float.NaN, 2, 3], [0b1101])).Message, "NaN", StringComparison.Ordinal, "a mask does not hide it");
        StringAssert.Contains(Assert.Throws<TokenSelectionException>(() => sampler.Choose([0, 1, 2, 3], [0])).Message, "none that is allowed", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Choose_HugeLogits_DoNotOverflow()
    {
        var sampler = Sampler(new GenerationOptions { Temperature = 1e-4f, Seed = 5, TopLogProbabilities = 2 }, 3);

        Assert.AreEqual(1, sampler.Choose([-3e38f, 3e38f, 0]));
        Assert.AreEqual(0f, sampler.LogProbability);
        Assert.AreEqual(2, Sampler(new GenerationOptions { Temperature = float.Epsilon, Seed = 5 }, 3).Choose([1, 2, 3]));
    }

    [TestMethod]
    public void Choose_LogProbabilities_AreThoseOfTheModel()
    {
        var options = new GenerationOptions { Temperature = 0.5f, TopLogProbabilities = 3, LogitBias = new Dictionary<int, float> { [1] = float.NegativeInfinity, [3] = float.NegativeInfinity, [0] = float.NegativeInfinity } };
        var sampler = Sampler(options, 5);
        var normaliser = Math.Log(Math.E + (2 * Math.Exp(3)) + Math.Exp(2));

        Assert.AreEqual(2, sampler.Choose(_logits));

        Assert.AreEqual(2 - normaliser, sampler.LogProbability, 1e-6);
        CollectionAssert.AreEqual(new[] { 1, 3, 2 }, sampler.TopLogProbabilities.ToArray().Select(top => top.Id).ToArray());
        Assert.AreEqual(3 - normaliser, sampler.TopLogProbabilities[1].LogProbability, 1e-6);
    }

    [TestMethod]
    public void Choose_MoreLogProbabilitiesThanTokens_ReportsThoseThatHaveOne()
    {
        var sampler = Sampler(new GenerationOptions { TopLogProbabilities = 20 }, 5);
        sampler.Choose(_logits);

        Assert.AreEqual(4, sampler.TopLogProbabilities.Length);
    }

    [TestMethod]
    public void Choose_SameSeed_GivesTheSameTokensWhoeverElseDraws()
    {
        var workspace = new SamplingWorkspace(1000);
        var logits = Enumerable.Range(0, 1000).Select(i => (float)Math.Sin(i)).ToArray();
        var options = new GenerationOptions { Temperature = 1 };
        var alone = new TokenSampler(options, workspace, [], 42);
        var expected = Enumerable.Range(0, 50).Select(_ => alone.Choose(logits)).ToArray();

        var first = new TokenSampler(options, workspace, [], 42);
        var mate = new TokenSampler(options with { TopK = 7 }, workspace, [], 43);
        var actual = Enumerable.Range(0, 50).Select(_ => (first.Choose(logits), mate.Choose(logits)).Item1).ToArray();

        CollectionAssert.AreEqual(expected, actual);
        var other = new TokenSampler(options, workspace, [], 41);
        CollectionAssert.AreNotEqual(expected, Enumerable.Range(0, 50).Select(_ => other.Choose(logits)).ToArray());
    }

    [TestMethod]
    public void Choose_SteadyStep_AllocatesNothing()
    {
        const int Size = 5000;
        var workspace = new SamplingWorkspace(Size);
        var logits = Enumerable.Range(0, Size).Select(i => (float)Math.Sin(i)).ToArray();
        var allowed = Enumerable.Repeat(0xF0F0_F0F0_F0F0_F0F0UL, TokenMask.Length(Size)).ToArray();
        var bias = new Dictionary<int, float> { [1] = 2 };
        TokenSampler[] samplers =
        [
            new(GenerationOptions.Default, workspace, [1, 2], 1),
            new(new GenerationOptions { Temperature = 1 }, workspace, [1, 2], 1),
            new(new GenerationOptions { Temperature = 1, TopP = 0.9f, MinP = 0.01f, TopLogProbabilities = 20 }, workspace, [1, 2], 1),
            new(new GenerationOptions { Temperature = 1, TopK = 40, TopP = 0.9f, LogitBias = bias, RepetitionPenalty = 1.1f, PresencePenalty = 1, FrequencyPenalty = 1 }, workspace, [1, 2], 1),
        ];
        foreach (var sampler in samplers) Run(sampler, 30);

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var sampler in samplers) Run(sampler, 100);
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(TokenSampler sampler, int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                sampler.Choose(logits);
                sampler.Choose(logits, allowed);
            }
        }
    }

    private static TokenSampler Sampler(GenerationOptions options, int vocabularySize, int[]? prompt = null) =>
        new(options, new SamplingWorkspace(vocabularySize), prompt ?? [], options.Seed ?? 1);
}
