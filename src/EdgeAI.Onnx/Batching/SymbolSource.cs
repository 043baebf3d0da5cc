namespace EdgeAI.Onnx;

/// <summary>Hands out symbols for numbers that nothing more is known about.</summary>
internal sealed class SymbolSource
{
    private readonly Dictionary<string, Term> _named = new(StringComparer.Ordinal);
    private int _last;

    /// <summary>A length that mates share.</summary>
    public Term NewLength() => Term.Symbol(++_last);

    /// <summary>A number of any sign that mates share.</summary>
    public Term NewNumber() => Term.Symbol(-++_last);

    /// <summary>The length that a model's signature calls so.</summary>
    public Term Named(string name)
    {
        if (!_named.TryGetValue(name, out var term)) _named.Add(name, term = NewLength());
        return term;
    }
}
