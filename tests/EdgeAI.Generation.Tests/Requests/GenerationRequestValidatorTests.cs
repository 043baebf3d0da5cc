namespace EdgeAI.Generation;

[TestClass]
public sealed class GenerationRequestValidatorTests
{
    private static readonly GenerationModelInfo _model = new() { Id = "m", Family = "llama", VocabularySize = 100, ContextLength = 8, EndTokens = [2], MaxSequences = 1 };

    public static IEnumerable<object[]> GoodOptions =>
    [
        [GenerationOptions.Default],
        [new GenerationOptions { MaxTokens = 1, Temperature = 100, TopK = 1, TopP = 1e-9f, MinP = 1, RepetitionPenalty = 0.01f, PresencePenalty = -2, FrequencyPenalty = 2, TopLogProbabilities = 20 }],
        [new GenerationOptions { LogitBias = new Dictionary<int, float> { [0] = float.NegativeInfinity, [99] = -100 }, StopSequences = ["a"] }],
    ];

    public static IEnumerable<object[]> BadOptions =>
    [
        [new GenerationOptions { MaxTokens = 0 }, "MaxTokens"],
        [new GenerationOptions { Temperature = -0.1f }, "Temperature"],
        [new GenerationOptions { Temperature = float.NaN }, "Temperature"],
        [new GenerationOptions { Temperature = float.PositiveInfinity }, "Temperature"],
        [new GenerationOptions { TopK = 0 }, "TopK"],
        [new GenerationOptions { TopP = 0 }, "TopP"],
        [new GenerationOptions { TopP = 1.01f }, "TopP"],
        [new GenerationOptions { TopP = float.NaN }, "TopP"],
        [new GenerationOptions { MinP = -0.1f }, "MinP"],
        [new GenerationOptions { MinP = float.NaN }, "MinP"],
        [new GenerationOptions { RepetitionPenalty = 0 }, "RepetitionPenalty"],
        [new GenerationOptions { RepetitionPenalty = float.PositiveInfinity }, "RepetitionPenalty"],
        [new GenerationOptions { PresencePenalty = 2.1f }, "PresencePenalty"],
        [new GenerationOptions { FrequencyPenalty = -2.1f }, "FrequencyPenalty"],
        [new GenerationOptions { TopLogProbabilities = 21 }, "TopLogProbabilities"],
        [new GenerationOptions { TopLogProbabilities = -1 }, "TopLogProbabilities"],
        [new GenerationOptions { LogitBias = new Dictionary<int, float> { [100] = 1 } }, "token 100"],
        [new GenerationOptions { LogitBias = new Dictionary<int, float> { [7] = float.NaN } }, "token 7"],
        [new GenerationOptions { StopSequences = ["a", ""] }, "empty"],
    ];

    [TestMethod]
    [DynamicData(nameof(GoodOptions))]
    public void Validate_OptionsWithinTheirRanges_Pass(GenerationOptions options) =>
        GenerationRequestValidator.Validate(new GenerationRequest(new int[] { 0, 99 }) { Options = options }, _model, hasTokenizer: true);

    [TestMethod]
    [DynamicData(nameof(BadOptions))]
    public void Validate_OptionOutOfItsRange_IsNamed(GenerationOptions options, string named)
    {
        var error = Assert.Throws<InvalidInputException>(() => GenerationRequestValidator.Validate(new GenerationRequest(new int[] { 1 }) { Options = options }, _model, hasTokenizer: true));

        Assert.HasCount(1, error.Problems);
        StringAssert.Contains(error.Problems[0], named, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow(new int[0], "empty")]
    [DataRow(new[] { 1, 2, 3, 4, 5, 6, 7, 8 }, "8 tokens")]
    [DataRow(new[] { 1, -1, 100 }, "2 token(s) of the prompt are outside the vocabulary of 100, the first is -1 at place 1")]
    public void Validate_PromptThatDoesNotFit_SaysWhy(int[] prompt, string reason)
    {
        var error = Assert.Throws<InvalidInputException>(() => GenerationRequestValidator.Validate(new GenerationRequest(prompt), _model, hasTokenizer: true));

        StringAssert.Contains(error.Message, reason, StringComparison.Ordinal);
    }

    [TestMethod]
    public void Validate_SeveralProblems_ListsAll()
    {
        var request = new GenerationRequest(ReadOnlyMemory<int>.Empty)
        {
            Options = new GenerationOptions { TopK = -1, MinP = 2, StopSequences = ["x"] },
            Priority = (RequestPriority)17,
            Deadline = TimeSpan.Zero,
        };

        var error = Assert.Throws<InvalidInputException>(() => GenerationRequestValidator.Validate(request, _model, hasTokenizer: false));

        Assert.HasCount(6, error.Problems);
    }
}
