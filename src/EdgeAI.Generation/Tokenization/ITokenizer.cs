namespace EdgeAI.Generation;

/// <summary>Turns text into the ids that a model knows, and back. Immutable and thread-safe.</summary>
public interface ITokenizer
{
    /// <summary>Ids reach from 0 to one less than this. A model may have more rows than its tokenizer has tokens.</summary>
    int VocabularySize { get; }

    /// <summary>Set before a text where special tokens are added; <see langword="null"/> where the vocabulary has none.</summary>
    int? BeginOfSequence { get; }

    /// <summary>Tokens that end an answer, in no order; empty where the vocabulary names none.</summary>
    IReadOnlyList<int> EndTokens { get; }

    /// <summary>Encodes a text in time linear in its length.</summary>
    /// <param name="text">Any text; lone surrogates count as U+FFFD.</param>
    /// <param name="addSpecialTokens">Whether what the tokenizer adds for a model, such as the begin of the sequence, is added.</param>
    /// <param name="parseSpecialTokens">Whether special tokens written in the text, such as <c>&lt;|im_end|&gt;</c>, become their ids. Text from users should be encoded with <see langword="false"/>.</param>
    /// <returns>The ids.</returns>
    IReadOnlyList<int> Encode(string text, bool addSpecialTokens = true, bool parseSpecialTokens = true);

    /// <summary>Decodes ids; bytes that form no UTF-8 character become U+FFFD.</summary>
    /// <param name="tokens">Ids from this vocabulary; others are left out.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out of the text.</param>
    string Decode(ReadOnlySpan<int> tokens, bool skipSpecialTokens = false);

    /// <summary>
    /// The UTF-8 bytes that a token adds to a text in the middle of a sequence: what grammars and streaming work on. Empty for ids outside the vocabulary
    /// and for special tokens.
    /// </summary>
    ReadOnlySpan<byte> GetBytes(int token);

    /// <summary>Whether a token is a special one, which stands for no text.</summary>
    bool IsSpecial(int token);
}
