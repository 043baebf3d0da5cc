namespace EdgeAI.Generation;

/// <summary>What an answer needs of its generator. Thread-safe.</summary>
internal interface ISequenceHost
{
    GenerationSequence CreateSequence(GenerationRequest request);

    /// <exception cref="RequestRejectedException">It is not taken in.</exception>
    void Submit(GenerationSequence sequence);

    void Cancel(GenerationSequence sequence);

    /// <summary>Turns the tokens of an answer into text; <see langword="null"/> without a tokenizer.</summary>
    AnswerText? CreateText(GenerationOptions options);

    GenerationUsage UsageOf(GenerationSequence sequence);
}
