namespace EdgeAI.Generation;

/// <summary>Adds the product of a value by the embedding's own weights.</summary>
/// <param name="name">Names the result.</param>
/// <param name="input">The value, [.., hidden].</param>
/// <returns>The name of the result, [.., vocabulary].</returns>
internal delegate string TiedProjection(string name, string input);
