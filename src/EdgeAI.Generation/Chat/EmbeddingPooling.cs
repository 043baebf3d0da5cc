namespace EdgeAI.Generation;

/// <summary>How the vectors of a text's tokens become one.</summary>
public enum EmbeddingPooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>That of the first token, which BERT calls <c>[CLS]</c>.</summary>
    FirstToken,

    /// <summary>That of the last token, as embedders made from decoders want it.</summary>
    LastToken,
}
