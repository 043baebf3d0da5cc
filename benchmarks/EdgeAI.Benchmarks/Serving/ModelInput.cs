using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Benchmarks.Serving;

/// <summary>One input of one request, or of several stacked along its batch axis.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="BatchAxis">The axis that rows are stacked along; -1 where requests share the input.</param>
/// <param name="Shape">Lengths of the axes.</param>
/// <param name="Data">The elements: <see cref="float"/> or <see cref="long"/>.</param>
internal sealed record ModelInput(string Name, int BatchAxis, long[] Shape, Array Data)
{
    public TensorValue ToTensor()
    {
        var lengths = Array.ConvertAll(Shape, length => (nint)length);
        return Data is float[] floats ? TensorValue.Create(floats, lengths) : TensorValue.Create((long[])Data, lengths);
    }

    public OrtValue ToOrtValue() =>
        Data is float[] floats ? OrtValue.CreateTensorValueFromMemory(floats, Shape) : OrtValue.CreateTensorValueFromMemory((long[])Data, Shape);

    /// <summary>The same input of several requests as one.</summary>
    public static ModelInput Stack(IReadOnlyList<ModelInput> rows)
    {
        var first = rows[0];
        if (first.BatchAxis < 0 || rows.Count == 1) return first;
        var shape = (long[])first.Shape.Clone();
        shape[first.BatchAxis] = rows.Sum(row => row.Shape[first.BatchAxis]);
        var outer = first.Shape.Take(first.BatchAxis).Aggregate(1L, (product, length) => product * length);
        var data = new float[rows.Sum(row => row.Data.LongLength)];
        var at = 0L;
        for (var block = 0L; block < outer; block++)
        {
            foreach (var row in rows)
            {
                var length = row.Data.LongLength / outer;
                Array.Copy(row.Data, block * length, data, at, length);
                at += length;
            }
        }

        return new ModelInput(first.Name, first.BatchAxis, shape, data);
    }
}
