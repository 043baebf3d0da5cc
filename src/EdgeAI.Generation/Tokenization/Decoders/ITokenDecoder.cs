namespace EdgeAI.Generation;

/// <summary>A step from tokens back to text. Immutable and thread-safe.</summary>
internal interface ITokenDecoder
{
    /// <summary>Changes the tokens of a whole text, whose concatenation is the result of the last step.</summary>
    void Decode(List<string> tokens);

    /// <summary>What a token is in the middle of a text, if this step leaves it as characters.</summary>
    string DecodeOne(string token) => token;

    /// <summary>The bytes that a token stands for, if this step turns it into bytes; <see langword="null"/> otherwise.</summary>
    byte[]? BytesOf(string token) => null;
}
