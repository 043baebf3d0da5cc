namespace EdgeAI.Generation;

/// <summary>Splits a text into parts that tokens do not cross. Immutable and thread-safe.</summary>
internal interface IPreTokenizer
{
    /// <summary>Adds the parts of a part.</summary>
    void Split(PreToken part, List<PreToken> output);
}
