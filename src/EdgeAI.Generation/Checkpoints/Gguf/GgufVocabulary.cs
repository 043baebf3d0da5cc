namespace EdgeAI.Generation;

/// <summary>The vocabulary of a GGUF file, checked. Immutable.</summary>
internal sealed class GgufVocabulary
{
    private const string Prefix = "tokenizer.ggml.";
    private const string SentencePiece = "llama";
    private const string ByteLevel = "gpt2";

    private GgufVocabulary(GgufMetadata metadata, string modelId)
    {
        Texts = metadata.FindTexts($"{Prefix}tokens") ?? throw Bad("lacks the metadata 'tokenizer.ggml.tokens'");
        Kinds = metadata.FindIntegers($"{Prefix}token_type") ?? [.. Enumerable.Repeat(GgufTokenKind.Normal, Texts.Length)];
        Scores = metadata.FindNumbers($"{Prefix}scores") ?? new double[Texts.Length];
        Merges = metadata.FindTexts($"{Prefix}merges") ?? [];
        if (Kinds.Length != Texts.Length || Scores.Length != Texts.Length) throw Bad($"has {Texts.Length} tokens, {Kinds.Length} token types and {Scores.Length} scores");

        IsSentencePiece = metadata.RequireText($"{Prefix}model") == SentencePiece;
        if (!IsSentencePiece && Merges.Length == 0) throw Bad("lacks the metadata 'tokenizer.ggml.merges'");
        PreTokenizer = metadata.FindText($"{Prefix}pre") ?? GgufPreTokenizer.DefaultName;
        Begin = FindId("bos_token_id", IsSentencePiece ? 1 : null);
        End = FindId("eos_token_id", IsSentencePiece ? 2 : null);
        Unknown = FindId("unknown_token_id", IsSentencePiece ? 0 : null);
        Padding = FindId("padding_token_id", null);
        AddsBegin = Begin is not null && (metadata.FindBool($"{Prefix}add_bos_token") ?? (IsSentencePiece || GgufPreTokenizer.Of(PreTokenizer, modelId).AddsBegin));
        AddsEnd = End is not null && (metadata.FindBool($"{Prefix}add_eos_token") ?? false);
        AddsSpace = metadata.FindBool($"{Prefix}add_space_prefix") ?? true;
        StripsAfterSpecial = IsSentencePiece && metadata.FindText("general.architecture") == "phi3";
        ChatTemplate = metadata.FindText("tokenizer.chat_template");

        int? FindId(string name, int? usual)
        {
            var id = metadata.FindCount(Prefix + name);
            if (id >= Texts.Length) throw Bad($"has {id} for '{Prefix}{name}', but only {Texts.Length} tokens");
            return id ?? (usual < Texts.Length ? usual : null);
        }

        ModelLoadException Bad(string what) => new($"the GGUF file {what}.", modelId);
    }

    /// <summary>The tokens by id: plain text, or for a byte-level vocabulary in GPT-2's alphabet of bytes.</summary>
    public string[] Texts { get; }

    /// <summary>See <see cref="GgufTokenKind"/>.</summary>
    public long[] Kinds { get; }

    /// <summary>Of a SentencePiece vocabulary: what has the higher score is merged first.</summary>
    public double[] Scores { get; }

    /// <summary>Of a byte-level vocabulary: pairs with a space between, in the order of merging.</summary>
    public string[] Merges { get; }

    /// <summary>Whether the vocabulary is SentencePiece's, and not a byte-level one as GPT-2's.</summary>
    public bool IsSentencePiece { get; }

    public string PreTokenizer { get; }

    public int? Begin { get; }

    public int? End { get; }

    public int? Unknown { get; }

    public int? Padding { get; }

    public bool AddsBegin { get; }

    public bool AddsEnd { get; }

    /// <summary>Whether a space is set before a text.</summary>
    public bool AddsSpace { get; }

    /// <summary>Whether white space after special tokens is dropped: Phi-3 was trained so, and the file does not say it.</summary>
    public bool StripsAfterSpecial { get; }

    public string? ChatTemplate { get; }

    /// <summary>Reads the vocabulary.</summary>
    /// <returns><see langword="null"/> where the file has none.</returns>
    /// <exception cref="ModelLoadException">It is malformed, or of a kind that is not supported.</exception>
    public static GgufVocabulary? Read(GgufMetadata metadata, string modelId) => metadata.FindText($"{Prefix}model") switch
    {
        null or "none" or "no_vocab" => null,
        SentencePiece or ByteLevel => new(metadata, modelId),
        var other => throw new ModelLoadException($"the GGUF file has a vocabulary of kind '{Shown.Name(other)}'; supported are {SentencePiece} and {ByteLevel}.", modelId),
    };

    /// <summary>Whether a token is matched before the text is split.</summary>
    public bool IsAdded(int id) => Kinds[id] is GgufTokenKind.Control or GgufTokenKind.UserDefined or GgufTokenKind.Unknown;

    /// <summary>Whether a token stands for no text.</summary>
    public bool IsSpecial(int id) => Kinds[id] is GgufTokenKind.Control or GgufTokenKind.Unknown;
}
