namespace EdgeAI.Devices;

/// <summary>Conveniences over <see cref="IDeviceSession"/>.</summary>
public static class DeviceSessionExtensions
{
    /// <summary>Runs the model once: all inputs in order, all outputs in order, each output owned by the caller.</summary>
    public static async ValueTask<IReadOnlyList<TensorValue>> RunAsync(this IDeviceSession session, IReadOnlyList<TensorValue> inputs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count != session.Signature.Inputs.Count)
        {
            throw new InvalidInputException([$"{inputs.Count} inputs were given"], session.Signature);
        }

        using var binding = session.CreateBinding();
        for (var i = 0; i < inputs.Count; i++) binding.SetInput(i, inputs[i]);
        await binding.RunAsync(cancellationToken).ConfigureAwait(false);
        var outputs = new TensorValue[session.Signature.Outputs.Count];
        for (var i = 0; i < outputs.Length; i++) outputs[i] = binding.GetOutput(i);
        return outputs;
    }
}
