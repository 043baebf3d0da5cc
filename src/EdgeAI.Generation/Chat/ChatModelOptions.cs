namespace EdgeAI.Generation;

/// <summary>How a chat client serves its model. Read when the client is made; later changes have no effect.</summary>
public sealed class ChatModelOptions
{
    /// <summary>What applies where a call's <c>ChatOptions</c> say nothing. Default: <see cref="GenerationOptions.Default"/>, greedy.</summary>
    public GenerationOptions Generation { get; set; } = GenerationOptions.Default;

    /// <summary>
    /// Said as the system where a conversation has no message of the system (or of the developer): before its messages, and before the call's own instructions. With <c>AddChatClient</c>, what all
    /// conversations with it begin with is computed once, when the model is loaded (at the host's start with <see cref="TextGeneratorOptions.WarmUp"/>), and kept: in memory, and in
    /// <see cref="TextGeneratorOptions.PrefixCacheFolder"/> where there is one. <see langword="null"/> (default): nothing.
    /// </summary>
    public string? SystemPrompt { get; set; }

    /// <summary>
    /// Answers whose tokens are remembered, so that a conversation sent again is made of the very tokens that were generated and what was computed for them is used again: 0 to 65,536.
    /// Each takes 4 bytes a token. Default: 256.
    /// </summary>
    public int RememberedAnswers { get; set; } = 256;
}
