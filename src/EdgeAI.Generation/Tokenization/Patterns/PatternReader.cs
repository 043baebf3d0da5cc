namespace EdgeAI.Generation;

/// <summary>Reads patterns of <c>tokenizer.json</c>: <c>{"String": ..}</c> or <c>{"Regex": ..}</c>.</summary>
internal static class PatternReader
{
    public static TokenPattern Read(CheckedJson json)
    {
        try
        {
            return json.StringOrNull("String") is { } literal ? TokenPattern.FromLiteral(literal) : TokenPattern.FromExpression(json["Regex"].AsString());
        }
        catch (FormatException exception)
        {
            throw json.Refusal($"the pattern in '{json.Path}' is not supported: {exception.Message}", exception);
        }
    }
}
