namespace EdgeAI.Testing;

/// <summary>
/// Where each length of an output comes from, worked out once for a signature: declared; else, for a named axis, the first input
/// axis of that name; else the same axis of the first input of equal rank that is dynamic there; else 1.
/// </summary>
internal sealed class ShapePlan
{
    private readonly AxisSource[]? _axes;
    private readonly int _likeInput = -1;

    public ShapePlan(TensorSpec output, IReadOnlyList<TensorSpec> inputs)
    {
        if (!output.HasRank)
        {
            _likeInput = IndexOf(inputs, input => input.ElementType == output.ElementType);
            return;
        }

        _axes = new AxisSource[output.Lengths.Length];
        for (var axis = 0; axis < _axes.Length; axis++) _axes[axis] = Find(output, axis, inputs);
    }

    /// <summary>The output's lengths for these inputs.</summary>
    public nint[] Resolve(ReadOnlySpan<TensorValue?> inputs)
    {
        if (_axes is null) return _likeInput < 0 ? [] : inputs[_likeInput]!.Lengths.ToArray();
        var lengths = new nint[_axes.Length];
        for (var axis = 0; axis < lengths.Length; axis++) lengths[axis] = _axes[axis].Resolve(inputs);
        return lengths;
    }

    /// <summary>Whether lengths are those that <see cref="Resolve"/> gives.</summary>
    public bool Fits(ReadOnlySpan<nint> lengths, ReadOnlySpan<TensorValue?> inputs)
    {
        if (_axes is null) return lengths.SequenceEqual(_likeInput < 0 ? [] : inputs[_likeInput]!.Lengths);
        if (lengths.Length != _axes.Length) return false;
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            if (lengths[axis] != _axes[axis].Resolve(inputs)) return false;
        }

        return true;
    }

    private static AxisSource Find(TensorSpec output, int axis, IReadOnlyList<TensorSpec> inputs)
    {
        if (output.Lengths[axis] >= 0) return AxisSource.Fixed(output.Lengths[axis]);
        if (output.LengthNames[axis] is { } name)
        {
            for (var i = 0; i < inputs.Count; i++)
            {
                for (var a = 0; a < inputs[i].LengthNames.Count; a++)
                {
                    if (inputs[i].LengthNames[a] == name) return AxisSource.Input(i, a);
                }
            }
        }

        var rank = output.Lengths.Length;
        var like = IndexOf(inputs, input => input.HasRank && input.Lengths.Length == rank && input.Lengths[axis] < 0);
        return like < 0 ? AxisSource.Fixed(1) : AxisSource.Input(like, axis);
    }

    private static int IndexOf(IReadOnlyList<TensorSpec> inputs, Func<TensorSpec, bool> fits)
    {
        for (var i = 0; i < inputs.Count; i++)
        {
            if (fits(inputs[i])) return i;
        }

        return -1;
    }

    private readonly record struct AxisSource(nint Length, int InputIndex, int Axis)
    {
        public static AxisSource Fixed(nint length) => new(length, -1, 0);

        public static AxisSource Input(int index, int axis) => new(0, index, axis);

        public nint Resolve(ReadOnlySpan<TensorValue?> inputs) => InputIndex < 0 ? Length : inputs[InputIndex]!.Lengths[Axis];
    }
}
