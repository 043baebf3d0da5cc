namespace EdgeAI.Generation;

/// <summary>A part of a text within which tokens are looked for.</summary>
/// <param name="Text">Not empty.</param>
/// <param name="IsFirst">Whether it begins the whole text.</param>
internal readonly record struct PreToken(string Text, bool IsFirst);
