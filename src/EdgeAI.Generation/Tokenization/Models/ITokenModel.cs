namespace EdgeAI.Generation;

/// <summary>Cuts a part of a text into tokens. Immutable and thread-safe.</summary>
internal interface ITokenModel
{
    /// <summary>The tokens by id; <see langword="null"/> where an id has none.</summary>
    IReadOnlyList<string?> Tokens { get; }

    /// <summary>The id of a token, if it is one.</summary>
    bool TryGetId(ReadOnlySpan<char> token, out int id);

    /// <summary>Adds the ids of a part, which is not empty.</summary>
    void Encode(string part, List<int> output);
}
