namespace EdgeAI.Generation;

/// <summary>A token that is found before anything else, whatever the model would make of its text.</summary>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>Whether it stands for no text.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>Whether it is found only between other characters than those of words.</summary>
    public bool IsSingleWord { get; init; }

    /// <summary>Whether it takes the white space before it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Whether it takes the white space after it.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Whether it is looked for in the normalized text.</summary>
    public bool IsNormalized { get; init; }

    /// <summary>Reads an entry of <c>added_tokens</c>, or of <c>added_tokens_decoder</c> in <c>tokenizer_config.json</c>.</summary>
    public static AddedToken Read(CheckedJson json, int id) => new(id, json["content"].AsString())
    {
        IsSpecial = json.BooleanOr("special", false),
        IsSingleWord = json.BooleanOr("single_word", false),
        StripsLeft = json.BooleanOr("lstrip", false),
        StripsRight = json.BooleanOr("rstrip", false),
        IsNormalized = json.BooleanOr("normalized", !json.BooleanOr("special", false)),
    };
}
