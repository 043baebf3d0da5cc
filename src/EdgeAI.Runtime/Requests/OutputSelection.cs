namespace EdgeAI.Requests;

/// <summary>Which outputs of the signature a request asks for, in its order. Immutable; the common case "all" is shared.</summary>
internal sealed class OutputSelection(IReadOnlyList<string> names, int[] indexes)
{
    public static OutputSelection None { get; } = new([], []);

    public IReadOnlyList<string> Names { get; } = names;

    public ReadOnlySpan<int> Indexes => indexes;

    public static OutputSelection All(ModelSignature signature) =>
        new([.. signature.Outputs.Select(o => o.Name)], [.. Enumerable.Range(0, signature.Outputs.Count)]);
}
