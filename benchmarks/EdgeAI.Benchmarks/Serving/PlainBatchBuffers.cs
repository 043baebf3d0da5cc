using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Benchmarks.Serving;

/// <summary>Inputs and outputs of runs of so many rows, made once. Rows are copied in and out; inputs that requests share are left as they are.</summary>
internal sealed class PlainBatchBuffers : IDisposable
{
    private readonly int _rows;
    private readonly ModelInput[] _inputs;
    private readonly float[][] _outputs;
    private readonly int[] _outerOfOutput;

    public PlainBatchBuffers(ServedModel model, Sample sample, IReadOnlyList<string> outputNames, int rows)
    {
        _rows = rows;
        _inputs = [.. sample.Inputs.Select(input => ModelInput.Stack([.. Enumerable.Repeat(input, rows)]) is var stacked && stacked == input ? input with { Data = (Array)input.Data.Clone() } : stacked)];
        InputNames = [.. _inputs.Select(input => input.Name)];
        Inputs = [.. _inputs.Select(input => input.ToOrtValue())];
        OutputNames = [.. outputNames];
        var shapes = OutputNames.Select(name => OutputShape(model, sample, name)).ToArray();
        _outerOfOutput = [.. shapes.Zip(OutputNames, (shape, name) => (int)shape.Take(model.OutputAxis(name)).Aggregate(1L, (product, length) => product * length))];
        _outputs = [.. OutputNames.Select(name => new float[sample.Answer[name].Length * rows])];
        Outputs = [.. _outputs.Zip(shapes, (data, shape) => OrtValue.CreateTensorValueFromMemory(data, shape))];
    }

    public string[] InputNames { get; }

    public OrtValue[] Inputs { get; }

    public string[] OutputNames { get; }

    public OrtValue[] Outputs { get; }

    public void Fill(int row, ModelInput[] inputs)
    {
        for (var i = 0; i < inputs.Length; i++)
        {
            if (_inputs[i].BatchAxis < 0) continue;
            var outer = (int)inputs[i].Shape.Take(inputs[i].BatchAxis).Aggregate(1L, (product, length) => product * length);
            var inner = inputs[i].Data.Length / outer;
            for (var block = 0; block < outer; block++) Array.Copy(inputs[i].Data, block * inner, _inputs[i].Data, ((block * _rows) + row) * inner, inner);
        }
    }

    public float[][] Cut(int row)
    {
        var answer = new float[_outputs.Length][];
        for (var i = 0; i < answer.Length; i++)
        {
            answer[i] = new float[_outputs[i].Length / _rows];
            var inner = answer[i].Length / _outerOfOutput[i];
            for (var block = 0; block < _outerOfOutput[i]; block++) Array.Copy(_outputs[i], ((block * _rows) + row) * inner, answer[i], block * inner, inner);
        }

        return answer;
    }

    public void Dispose()
    {
        foreach (var value in Inputs) value.Dispose();
        foreach (var value in Outputs) value.Dispose();
    }

    /// <summary>The shape that a run of so many rows answers with, from a run of one.</summary>
    private long[] OutputShape(ServedModel model, Sample sample, string output)
    {
        var shape = (long[])sample.AnswerShapes[output].Clone();
        if (_rows > 1) shape[model.OutputAxis(output)] *= _rows;
        return shape;
    }
}
