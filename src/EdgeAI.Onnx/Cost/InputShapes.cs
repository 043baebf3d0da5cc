using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>The lengths of a graph's inputs, and of its symbols: from what the caller gives, then from what the model declares.</summary>
/// <param name="Values">The inputs by name.</param>
/// <param name="Symbols">The lengths of symbols by name.</param>
internal sealed record InputShapes(IReadOnlyDictionary<string, CostValue> Values, IReadOnlyDictionary<string, long> Symbols)
{
    /// <exception cref="ArgumentException">A name is no input, or the number of axes is not what the model declares.</exception>
    public static InputShapes Resolve(OnnxGraph graph, IReadOnlyDictionary<string, nint[]>? lengths, IReadOnlyDictionary<string, long>? overrides)
    {
        var constants = graph.Initializers.Select(tensor => tensor.Name).Concat(graph.SparseInitializers.Select(tensor => tensor.Name)).ToHashSet(StringComparer.Ordinal);
        OnnxValueInfo[] inputs = [.. graph.Inputs.Where(input => !constants.Contains(input.Name))];
        if (lengths?.Keys.FirstOrDefault(name => !Array.Exists(inputs, input => input.Name == name)) is { } stranger)
        {
            throw new ArgumentException($"'{stranger}' is no input of the model.", nameof(lengths));
        }

        var symbols = new Dictionary<string, long>(overrides ?? new Dictionary<string, long>(), StringComparer.Ordinal);
        foreach (var input in inputs)
        {
            if (lengths?.GetValueOrDefault(input.Name) is not { } given || DeclaredShape(input) is not { } declared) continue;
            if (given.Length != declared.Length) throw new ArgumentException($"'{input.Name}' has {declared.Length} axes, not {given.Length}.", nameof(lengths));
            for (var axis = 0; axis < given.Length; axis++)
            {
                if (declared[axis] is { Length: < 0, Symbol: { Length: > 0 } symbol }) symbols.TryAdd(symbol, given[axis]);
            }
        }

        var source = new SymbolSource();
        return new InputShapes(inputs.ToDictionary(input => input.Name, input => ValueOf(input, lengths?.GetValueOrDefault(input.Name), symbols, source), StringComparer.Ordinal), symbols);
    }

    /// <summary>What a declaration says of a value once symbols have lengths.</summary>
    public static CostValue ValueOf(OnnxValueInfo info, nint[]? given, IReadOnlyDictionary<string, long> symbols, SymbolSource source)
    {
        var type = info.Type is OnnxTensorType tensor ? tensor.ElementType : TensorElementType.Undefined;
        if (given is not null) return new CostValue(BatchValue.Shared([.. given.Select(length => Term.Constant(length))]), type);
        return DeclaredShape(info) is { } shape
            ? new CostValue(BatchValue.Shared([.. shape.Select(dimension => Length(dimension, symbols, source))]), type)
            : new CostValue(BatchValue.Unknown, type);
    }

    private static ImmutableArray<OnnxDimension>? DeclaredShape(OnnxValueInfo info) => (info.Type as OnnxTensorType)?.Shape;

    private static Term Length(OnnxDimension dimension, IReadOnlyDictionary<string, long> symbols, SymbolSource source) =>
        dimension.Length >= 0 ? Term.Constant(dimension.Length)
        : dimension.Symbol is { Length: > 0 } symbol && symbols.TryGetValue(symbol, out var length) ? Term.Constant(length)
        : source.NewLength();
}
