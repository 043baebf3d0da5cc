namespace EdgeAI.Batching;

/// <summary>Which axes of a model's tensors are filled up and cut back, as the user declared. All filled inputs of a request have the same length there. Immutable; thread-safe.</summary>
internal sealed class PaddingLayout
{
    private readonly ModelSignature _signature;
    private readonly AxisPadding?[] _inputs;
    private readonly AxisPadding?[] _outputs;
    private readonly BatchTensors _tensors;

    private PaddingLayout(ModelSignature signature, AxisPadding?[] inputs, AxisPadding?[] outputs, BatchTensors tensors)
    {
        _signature = signature;
        _inputs = inputs;
        _outputs = outputs;
        _tensors = tensors;
    }

    /// <summary>The declared layout; <see langword="null"/> where nothing is declared or it does not fit.</summary>
    public static PaddingLayout? FromDeclaration(IReadOnlyDictionary<string, AxisPadding> padding, ModelSignature signature, BatchTensors tensors, out string? problem)
    {
        problem = null;
        if (padding.Count == 0) return null;
        var all = signature.Inputs.Concat(signature.Outputs).ToArray();
        problem = padding.Keys.Where(name => all.All(spec => spec.Name != name)).Select(name => $"Padding names '{name}', which is neither an input nor an output").FirstOrDefault()
            ?? all.Where(spec => padding.ContainsKey(spec.Name)).Select(spec => FindProblem(spec, padding[spec.Name])).FirstOrDefault(found => found is not null)
            ?? (signature.Inputs.Any(input => padding.ContainsKey(input.Name)) ? null : "Padding names no input");
        return problem is null ? new PaddingLayout(signature, [.. signature.Inputs.Select(Of)], [.. signature.Outputs.Select(Of)], tensors) : null;

        AxisPadding? Of(TensorSpec spec) => padding.GetValueOrDefault(spec.Name);
    }

    /// <summary>Fills the inputs up in place: an input that is long enough stays, another is exchanged for a copy, and its reference dropped.</summary>
    /// <param name="inputs">In the order of the signature; each holds a reference.</param>
    /// <returns>The length before; 0 where nothing was filled up.</returns>
    /// <exception cref="InvalidInputException">Inputs that are filled up have different lengths.</exception>
    public nint Fill(TensorValue?[] inputs)
    {
        nint length = -1;
        var changes = false;
        for (var i = 0; i < inputs.Length; i++)
        {
            if (_inputs[i] is not { } padding) continue;
            var own = inputs[i]!.Lengths[padding.Axis];
            if (length >= 0 && own != length) throw new InvalidInputException([$"the input '{_signature.Inputs[i].Name}' has a length of {own} instead of {length} on axis {padding.Axis}, where inputs are filled up together"], _signature);
            length = own;
            changes |= own % padding.Multiple != 0;
        }

        if (!changes) return 0;
        for (var i = 0; i < inputs.Length; i++)
        {
            if (_inputs[i] is not { } padding) continue;
            var filled = _tensors.Extend(inputs[i]!, padding.Axis, (length + padding.Multiple - 1) / padding.Multiple * padding.Multiple, padding.Value);
            inputs[i]!.Release();
            inputs[i] = filled;
        }

        return length;
    }

    /// <summary>Cuts the outputs back to the length of the request. Takes over those it changes.</summary>
    public void Cut(TensorValue[] outputs, ReadOnlySpan<int> indexes, nint length)
    {
        for (var i = 0; i < outputs.Length; i++)
        {
            if (_outputs[indexes[i]] is not { } padding || padding.Axis >= outputs[i].Lengths.Length || outputs[i].Lengths[padding.Axis] <= length) continue;
            using var whole = outputs[i];
            outputs[i] = _tensors.Cut(whole, 0, length, padding.Axis);
        }
    }

    private static string? FindProblem(TensorSpec spec, AxisPadding padding)
    {
        if (padding.Axis < 0 || (spec.HasRank && padding.Axis >= spec.Lengths.Length)) return $"Padding['{spec.Name}'] names axis {padding.Axis} of a tensor with {spec.Lengths.Length} axes";
        if (padding.Multiple < 1) return $"Padding['{spec.Name}'] has a multiple of {padding.Multiple}; it must be 1 or more";
        if (spec.ElementType == TensorElementType.String) return $"Padding['{spec.Name}'] is for strings, which cannot be filled up";
        return spec.HasRank && spec.Lengths[padding.Axis] >= 0 ? $"Padding['{spec.Name}'] names axis {padding.Axis}, which has the fixed length {spec.Lengths[padding.Axis]}" : null;
    }
}
