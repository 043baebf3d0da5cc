using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Follows the rows from chosen axes of a graph's inputs to its outputs.</summary>
internal static class GraphRows
{
    /// <summary>Why the rows do not reach the outputs apart; <see langword="null"/> where they do.</summary>
    public static string? Follow(
        OnnxModel model,
        IReadOnlyList<OnnxNode> nodes,
        ImmutableArray<OnnxValueInfo> inputs,
        ImmutableArray<ImmutableArray<OnnxDimension>> shapes,
        ImmutableArray<int?> inputAxes,
        out ImmutableArray<int?> outputAxes)
    {
        outputAxes = [];
        var symbols = new SymbolSource();
        var values = new Dictionary<string, BatchValue>(StringComparer.Ordinal);
        for (var index = 0; index < inputs.Length; index++)
        {
            var batch = inputAxes[index];
            values[inputs[index].Name] = BatchValue.Shaped([.. shapes[index].Select((dimension, axis) => axis == batch ? Term.Rows : ToTerm(dimension, symbols))])!;
        }

        foreach (var tensor in model.Graph.Initializers) values[tensor.Name] = ConstantNumbers.Read(tensor, symbols);
        foreach (var tensor in model.Graph.SparseInitializers) values[tensor.Name] = BatchValue.Shared([.. tensor.Lengths.ToArray().Select(length => Term.Constant(length))]);
        return new BatchTrace(model, symbols).Follow(nodes, model.OpsetImports, values) ?? Judge(model.Graph.Outputs, values, out outputAxes);
    }

    private static Term ToTerm(OnnxDimension dimension, SymbolSource symbols) =>
        dimension.Length >= 0 ? Term.Constant(dimension.Length) : string.IsNullOrEmpty(dimension.Symbol) ? symbols.NewLength() : symbols.Named(dimension.Symbol);

    private static string? Judge(ImmutableArray<OnnxValueInfo> outputs, Dictionary<string, BatchValue> values, out ImmutableArray<int?> axes)
    {
        axes = [.. outputs.Select(output => values.GetValueOrDefault(output.Name)?.Axis)];
        foreach (var output in outputs)
        {
            var value = values.GetValueOrDefault(output.Name, BatchValue.Unfollowed);
            if (!value.IsFollowed) return $"output '{output.Name}' is not followed";
            if (value.CountsRows) return $"output '{output.Name}' changes with the number of rows";
            if (value.HasRows && value.RowLength != Term.Rows) return $"output '{output.Name}' has several places a row along axis {value.Axis}";
        }

        return axes.Any(axis => axis is not null) ? null : "no output depends on the rows";
    }
}
