namespace EdgeAI.Cli.Output;

/// <summary>An input or output of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The element type, such as float32; the whole type where it is no dense tensor.</param>
/// <param name="Shape">Lengths of the axes; <see langword="null"/> where even their number is unknown.</param>
internal sealed record TensorReport(string Name, string Type, IReadOnlyList<AxisLength>? Shape)
{
    public static TensorReport From(TensorSpec spec) => new(spec.Name, spec.ElementType.ToName(), spec.HasRank ? ShapeOf(spec) : null);

    public override string ToString() => $"{Type} {(Shape is null ? "[...]" : $"[{string.Join(',', Shape)}]")}";

    private static List<AxisLength> ShapeOf(TensorSpec spec)
    {
        var shape = new List<AxisLength>();
        for (var axis = 0; axis < spec.Lengths.Length; axis++)
        {
            shape.Add(spec.Lengths[axis] >= 0 ? new AxisLength(spec.Lengths[axis], null) : new AxisLength(null, spec.LengthNames[axis]));
        }

        return shape;
    }
}
