namespace EdgeAI.Generation;

/// <summary>Changes a text before it is split into tokens. Immutable and thread-safe.</summary>
internal interface INormalizer
{
    string Normalize(string text);
}
