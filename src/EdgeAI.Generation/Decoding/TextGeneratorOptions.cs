namespace EdgeAI.Generation;

/// <summary>How a model folder is loaded and served. Every default works without tuning. Read when the model is loaded; later changes have no effect.</summary>
public sealed class TextGeneratorOptions
{
    /// <summary>
    /// Tokens of prompt and answer together at most, 2 or more and not more than the model was made for; <see langword="null"/> (default): that number, but at most 4,096, since
    /// memory for the key-value cache grows with it.
    /// </summary>
    public int? ContextLength { get; set; }

    /// <summary>Sequences that are decoded together at most, 1 to 256; <see langword="null"/> (default): as many as memory has room for, at most 8. Each takes memory for a whole context once it is used.</summary>
    public int? MaxSequences { get; set; }

    /// <summary>Threads of a run, 1 to 1024; <see langword="null"/> (default): the device's usable physical cores.</summary>
    public int? Threads { get; set; }

    /// <summary>The device, such as <c>cpu:0</c>; <see langword="null"/> (default): of those that can run the model and have the memory, the one that was measured to read its memory fastest, as every token reads all weights.</summary>
    public string? DeviceId { get; set; }

    /// <summary>Sequences that may wait for a place, 1 to 1,000,000. Default: 256.</summary>
    public int MaxQueueLength { get; set; } = 256;

    /// <summary>The deadline of requests that have none, over zero; <see langword="null"/> (default): no deadline.</summary>
    public TimeSpan? DefaultDeadline { get; set; }

    /// <summary>
    /// Texts that prompts begin with, such as a system prompt as the chat template renders it: computed at load and kept, so that only what follows them is computed. Special
    /// tokens in them are parsed and none are added. Need a tokenizer. Default: none.
    /// </summary>
    public IList<string> PinnedPrompts { get; } = [];

    /// <summary>As <see cref="PinnedPrompts"/>, by their tokens. Default: none.</summary>
    public IList<ReadOnlyMemory<int>> PinnedTokens { get; } = [];

    /// <summary>Prompts that are known once the model's tokenizer and chat template are. Pinned as the others.</summary>
    internal IList<Func<ITokenizer, IChatTemplate, int[]>> PinnedPrefixes { get; } = [];

    /// <summary>Bytes of host memory for what earlier prompts computed, once their places are needed by others; 0 keeps nothing there. Pinned prompts come on top. Default: 512 MiB.</summary>
    public long PrefixCacheBytes { get; set; } = 512L << 20;

    /// <summary>
    /// The folder where what pinned prompts computed is kept from one start to the next, in files named by model and prompt; made where it does not exist. It holds the
    /// prompts. <see langword="null"/> (default): nothing is kept on disk.
    /// </summary>
    public string? PrefixCacheFolder { get; set; }

    /// <summary>
    /// Bytes of <see cref="PrefixCacheFolder"/> for what conversations computed, so that one that goes on after a restart computes only what is new; those used the longest ago make room, whatever
    /// process or model they are of. Written beside the decoding, when their place is needed by others, and when the generator is disposed, which takes the longer for it; read when the model is
    /// loaded, as far as <see cref="PrefixCacheBytes"/> allows. The files hold what was said and are readable by their owner alone. 0 (default): only pinned prompts are kept.
    /// </summary>
    public long KeptConversationBytes { get; set; }

    /// <summary>How long disposal waits for answers in progress before it ends them, zero to 1 h. Default: 5 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the model is loaded when a generic host starts, so that no request waits for that; the start fails where it cannot be loaded. Default: <see langword="false"/>.</summary>
    public bool WarmUp { get; set; }

    /// <summary>Raw settings passed to the device's session as they are, by the runtime's own keys. Default: none.</summary>
    public IDictionary<string, string> SessionSettings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
