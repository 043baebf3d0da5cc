using EdgeAI.Cli.CommandLine;

namespace EdgeAI.Cli.Bench;

/// <summary>Decides how long the axes of generated inputs are.</summary>
internal static class InputShapes
{
    /// <summary>The shape of each input: the given one, otherwise the declared one with dynamic axes of length 1, or of the length that a given shape has where the model uses the same symbol.</summary>
    /// <param name="signature">The model's.</param>
    /// <param name="given">Shapes that are decided already, at most one for each input.</param>
    /// <exception cref="ToolException">A shape is given for an input that the model does not have, or one is needed.</exception>
    public static IReadOnlyList<nint[]> Choose(ModelSignature signature, IReadOnlyList<ShapeArgument> given)
    {
        foreach (var shape in given)
        {
            if (!signature.Inputs.Any(input => input.Name == shape.Input))
            {
                throw new ToolException($"The model has no input '{shape.Input}'; it expects {signature}.");
            }
        }

        var symbols = FindSymbols(signature, given);
        return [.. signature.Inputs.Select(input => given.FirstOrDefault(shape => shape.Input == input.Name)?.Lengths ?? Default(input, symbols))];
    }

    private static Dictionary<string, nint> FindSymbols(ModelSignature signature, IReadOnlyList<ShapeArgument> given)
    {
        var symbols = new Dictionary<string, nint>(StringComparer.Ordinal);
        foreach (var shape in given)
        {
            var names = signature.Inputs.First(input => input.Name == shape.Input).LengthNames;
            for (var axis = 0; axis < Math.Min(names.Count, shape.Lengths.Length); axis++)
            {
                if (names[axis] is { } symbol) symbols.TryAdd(symbol, shape.Lengths[axis]);
            }
        }

        return symbols;
    }

    private static nint[] Default(TensorSpec input, Dictionary<string, nint> symbols)
    {
        if (!input.HasRank) throw new ToolException($"The model does not declare how many axes the input '{input.Name}' has; give them with --shape {input.Name}=..");
        var lengths = input.Lengths.ToArray();
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            if (lengths[axis] < 0) lengths[axis] = input.LengthNames[axis] is { } symbol ? symbols.GetValueOrDefault(symbol, 1) : 1;
        }

        return lengths;
    }
}
