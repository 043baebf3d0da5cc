namespace EdgeAI.Batching;

/// <summary>Along which axis each tensor of a model is stacked; <see langword="null"/> for tensors that all requests of a run share. Immutable.</summary>
internal sealed class BatchLayout(IReadOnlyList<int?> inputAxes, IReadOnlyList<int?> outputAxes)
{
    private readonly int[] _inputAxes = [.. inputAxes.Select(axis => axis ?? Shared)];
    private readonly int[] _outputAxes = [.. outputAxes.Select(axis => axis ?? Shared)];

    /// <summary>The tensor has no batch axis.</summary>
    public const int Shared = -1;

    public ReadOnlySpan<int> InputAxes => _inputAxes;

    public ReadOnlySpan<int> OutputAxes => _outputAxes;

    /// <summary>The layout that the user declared.</summary>
    /// <param name="axes">By the name of an input or output; not empty.</param>
    /// <param name="signature">The model's.</param>
    /// <param name="problem">Why the declaration does not fit the model.</param>
    /// <returns><see langword="null"/> where it does not fit.</returns>
    public static BatchLayout? FromDeclaration(IReadOnlyDictionary<string, int> axes, ModelSignature signature, out string? problem)
    {
        problem = axes.Keys.Where(name => !signature.Inputs.Concat(signature.Outputs).Any(spec => spec.Name == name)).Select(name => $"BatchAxes names '{name}', which is neither an input nor an output").FirstOrDefault()
            ?? signature.Inputs.Concat(signature.Outputs).Select(spec => FindProblem(spec, axes)).FirstOrDefault(found => found is not null)
            ?? (signature.Inputs.Any(input => axes.ContainsKey(input.Name)) ? null : "BatchAxes names no input");
        if (problem is not null) return null;
        return new BatchLayout([.. signature.Inputs.Select(Axis)], [.. signature.Outputs.Select(Axis)]);

        int? Axis(TensorSpec spec) => axes.TryGetValue(spec.Name, out var axis) ? axis : null;
    }

    private static string? FindProblem(TensorSpec spec, IReadOnlyDictionary<string, int> axes)
    {
        if (!axes.TryGetValue(spec.Name, out var axis) || !spec.HasRank) return null;
        if (axis >= spec.Lengths.Length) return $"BatchAxes['{spec.Name}'] is {axis} but the tensor has {spec.Lengths.Length} axes";
        return spec.Lengths[axis] >= 0 ? $"BatchAxes['{spec.Name}'] is {axis}, but that axis has the fixed length {spec.Lengths[axis]}" : null;
    }
}
