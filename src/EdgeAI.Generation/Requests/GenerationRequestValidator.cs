namespace EdgeAI.Generation;

/// <summary>Checks requests against a model and lists every problem. Pure.</summary>
internal static class GenerationRequestValidator
{
    private const float MostTemperature = 100, MostPenalty = 2;
    private const int MostTopLogProbabilities = 20;

    /// <summary>Checks a request.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="model">Who is asked.</param>
    /// <param name="hasTokenizer">Whether the model has one, which stop sequences need.</param>
    /// <exception cref="InvalidInputException">The request does not fit.</exception>
    public static void Validate(GenerationRequest request, GenerationModelInfo model, bool hasTokenizer)
    {
        ArgumentNullException.ThrowIfNull(request);
        var problems = new List<string>();
        AddPromptProblems(request.PromptTokens.Span, model, problems);
        AddSamplingProblems(request.Options, problems);
        AddBiasProblems(request.Options.LogitBias, model, problems);
        AddStopProblems(request.Options.StopSequences, hasTokenizer, problems);
        AddConstraintProblems(request, model, problems);
        if (!Enum.IsDefined(request.Priority)) problems.Add($"Priority is {(int)request.Priority}, which is none");
        if (request.Deadline <= TimeSpan.Zero) problems.Add($"Deadline is {request.Deadline}, but must be over 0");
        if (problems.Count > 0) throw new InvalidInputException(problems);
    }

    private static void AddPromptProblems(ReadOnlySpan<int> prompt, GenerationModelInfo model, List<string> problems)
    {
        if (prompt.IsEmpty) problems.Add("the prompt is empty: it needs one token or more");
        if (prompt.Length >= model.ContextLength) problems.Add($"the prompt has {prompt.Length} tokens, which leaves no room for an answer in the context of {model.ContextLength}");
        var (first, outside) = (-1, 0);
        for (var i = 0; i < prompt.Length; i++)
        {
            if ((uint)prompt[i] < (uint)model.VocabularySize) continue;
            if (outside++ == 0) first = i;
        }

        if (outside > 0) problems.Add($"{outside} token(s) of the prompt are outside the vocabulary of {model.VocabularySize}, the first is {prompt[first]} at place {first}");
    }

    private static void AddSamplingProblems(GenerationOptions options, List<string> problems)
    {
        if (options.MaxTokens < 1) problems.Add($"MaxTokens is {options.MaxTokens}, but must be 1 or more");
        if (!IsWithin(options.Temperature, 0, MostTemperature)) problems.Add($"Temperature is {options.Temperature}, but must be from 0 to {MostTemperature}");
        if (options.TopK < 1) problems.Add($"TopK is {options.TopK}, but must be 1 or more");
        if (!(options.TopP > 0 && options.TopP <= 1)) problems.Add($"TopP is {options.TopP}, but must be over 0 and at most 1");
        if (!IsWithin(options.MinP, 0, 1)) problems.Add($"MinP is {options.MinP}, but must be from 0 to 1");
        if (!(options.RepetitionPenalty > 0 && float.IsFinite(options.RepetitionPenalty))) problems.Add($"RepetitionPenalty is {options.RepetitionPenalty}, but must be over 0 and finite");
        if (!IsWithin(options.PresencePenalty, -MostPenalty, MostPenalty)) problems.Add($"PresencePenalty is {options.PresencePenalty}, but must be from -{MostPenalty} to {MostPenalty}");
        if (!IsWithin(options.FrequencyPenalty, -MostPenalty, MostPenalty)) problems.Add($"FrequencyPenalty is {options.FrequencyPenalty}, but must be from -{MostPenalty} to {MostPenalty}");
        if (options.TopLogProbabilities is < 0 or > MostTopLogProbabilities) problems.Add($"TopLogProbabilities is {options.TopLogProbabilities}, but must be from 0 to {MostTopLogProbabilities}");
    }

    private static void AddBiasProblems(IReadOnlyDictionary<int, float> bias, GenerationModelInfo model, List<string> problems)
    {
        foreach (var (token, value) in bias)
        {
            if ((uint)token >= (uint)model.VocabularySize) problems.Add($"LogitBias names token {token}, which is outside the vocabulary of {model.VocabularySize}");
            if (float.IsNaN(value) || float.IsPositiveInfinity(value)) problems.Add($"LogitBias of token {token} is {value}, but must be finite or negative infinity");
        }
    }

    private static void AddStopProblems(IReadOnlyList<string> stops, bool hasTokenizer, List<string> problems)
    {
        if (stops.Count > 0 && !hasTokenizer) problems.Add("StopSequences need a tokenizer, which the model does not have");
        if (stops.Any(string.IsNullOrEmpty)) problems.Add("StopSequences has an empty one");
    }

    private static void AddConstraintProblems(GenerationRequest request, GenerationModelInfo model, List<string> problems)
    {
        var room = model.ContextLength - request.PromptTokens.Length;
        if (request.Constraint is not ILookaheadConstraint constraint || room <= 0 || request.Options.MaxTokens < 1) return;
        var needed = constraint.TokensToEnd;
        if (needed > room) problems.Add($"the context has room for {room} more tokens, but the shortest answer that fits the constraint is sure to be complete from {needed} on");
        else if (needed > request.Options.MaxTokens) problems.Add($"MaxTokens is {request.Options.MaxTokens}, but the shortest answer that fits the constraint is sure to be complete from {needed} on");
    }

    /// <summary>Never of NaN.</summary>
    private static bool IsWithin(float value, float least, float most) => value >= least && value <= most;
}
