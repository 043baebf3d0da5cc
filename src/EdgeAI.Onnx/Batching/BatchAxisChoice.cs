using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Which axis of each input the rows may lie along, before anything is known about the nodes.</summary>
internal static class BatchAxisChoice
{
    private const int MaxChoices = 4;

    /// <summary>The choices worth following, the likeliest first: those with a dynamic axis 0, then symbols at other places.</summary>
    /// <param name="inputs">The shapes of the inputs.</param>
    public static IReadOnlyList<ImmutableArray<int?>> List(ImmutableArray<ImmutableArray<OnnxDimension>> inputs)
    {
        var symbols = inputs.Where(shape => !shape.IsEmpty && IsNamed(shape[0])).Select(shape => shape[0].Symbol!)
            .Concat(inputs.SelectMany(shape => shape.Skip(1).Where(IsNamed).Where(dimension => IsDynamic(shape[0]) || IsInSeveral(inputs, dimension.Symbol!)).Select(dimension => dimension.Symbol!)))
            .Distinct(StringComparer.Ordinal).Take(MaxChoices).ToArray();
        var choices = symbols.Select(symbol => Choose(inputs, symbol)).OfType<ImmutableArray<int?>>();
        var unnamed = Choose(inputs, symbol: null);
        if (unnamed is { } first && first.Any(axis => axis is not null) && !inputs.Any(shape => !shape.IsEmpty && IsNamed(shape[0]))) choices = choices.Prepend(first);
        return [.. choices];
    }

    private static ImmutableArray<int?>? Choose(ImmutableArray<ImmutableArray<OnnxDimension>> inputs, string? symbol)
    {
        var axes = ImmutableArray.CreateBuilder<int?>(inputs.Length);
        foreach (var shape in inputs)
        {
            var places = symbol is null ? [] : Enumerable.Range(0, shape.Length).Where(axis => IsNamed(shape[axis]) && shape[axis].Symbol == symbol).ToArray();
            if (places.Length > 1) return null;
            if (places is [var place]) axes.Add(place);
            else axes.Add(!shape.IsEmpty && IsDynamic(shape[0]) && !IsNamed(shape[0]) ? 0 : null);
        }

        return axes.MoveToImmutable();
    }

    private static bool IsInSeveral(ImmutableArray<ImmutableArray<OnnxDimension>> inputs, string symbol) =>
        inputs.Count(shape => shape.Any(dimension => IsNamed(dimension) && dimension.Symbol == symbol)) > 1;

    private static bool IsDynamic(OnnxDimension dimension) => dimension.Length < 0;

    private static bool IsNamed(OnnxDimension dimension) => IsDynamic(dimension) && !string.IsNullOrEmpty(dimension.Symbol);
}
