using EdgeAI.Devices;

namespace EdgeAI.Evaluation;

/// <summary>The inputs and outputs of a probe, in the session's memory. Owns them.</summary>
internal sealed class ProbeTensors : IDisposable
{
    private readonly List<TensorValue> _inputs = [];
    private readonly List<TensorValue> _outputs = [];

    /// <summary>Inputs of noise, and places for outputs, with so many rows.</summary>
    public static async ValueTask<ProbeTensors> CreateAsync(IDeviceSession session, int rows, CancellationToken cancellationToken)
    {
        var tensors = new ProbeTensors();
        try
        {
            foreach (var input in session.Signature.Inputs) tensors._inputs.Add(await FillAsync(session.Memory, input.ElementType, LengthsOf(input, rows), cancellationToken).ConfigureAwait(false));
            foreach (var output in session.Signature.Outputs) tensors._outputs.Add(Allocate(session.Memory, output.ElementType, LengthsOf(output, rows)));
            return tensors;
        }
        catch
        {
            tensors.Dispose();
            throw;
        }
    }

    public void Bind(ISessionBinding binding, bool bindsOutputs = true)
    {
        for (var index = 0; index < _inputs.Count; index++) binding.SetInput(index, _inputs[index]);
        for (var index = 0; index < _outputs.Count && bindsOutputs; index++) binding.SetOutput(index, _outputs[index]);
    }

    public void Dispose()
    {
        foreach (var tensor in _inputs.Concat(_outputs)) tensor.Dispose();
    }

    /// <summary>A tensor without contents.</summary>
    public static TensorValue Allocate(IDeviceMemory memory, TensorElementType type, nint[] lengths) =>
        TensorValue.Create(memory.Allocate(type.ByteLength(TensorShape.GetElementCount(lengths))), type, lengths);

    private static nint[] LengthsOf(TensorSpec spec, int rows)
    {
        var lengths = spec.Lengths.ToArray();
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            if (lengths[axis] < 0) lengths[axis] = rows;
        }

        return lengths;
    }

    private static async ValueTask<TensorValue> FillAsync(IDeviceMemory memory, TensorElementType type, nint[] lengths, CancellationToken cancellationToken)
    {
        var values = ProbeNoise.Floats(checked((int)TensorShape.GetElementCount(lengths)), bound: 1);
        using var host = type switch
        {
            TensorElementType.UInt8 => TensorValue.Create(Array.ConvertAll(values, value => (byte)(128 + (127 * value))), lengths),
            TensorElementType.Boolean => TensorValue.Create(Array.ConvertAll(values, value => value != 0), lengths),
            _ => TensorValue.Create(values, lengths),
        };
        var tensor = Allocate(memory, type, lengths);
        try
        {
            await memory.CopyAsync(host, tensor, cancellationToken).ConfigureAwait(false);
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }
}
