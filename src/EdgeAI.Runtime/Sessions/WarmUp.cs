using EdgeAI.Configuration;
using EdgeAI.Devices;
using EdgeAI.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Sessions;

/// <summary>Runs a session once on zeros, so that its memory is planned and its kernels are chosen before the first request.</summary>
internal static class WarmUp
{
    /// <summary>A model may refuse zeros or lengths of 1: that is logged and harmless. A device that fails is an error.</summary>
    public static async Task RunAsync(IDeviceSession session, string modelId, ModelSettings settings, ILogger logger, CancellationToken cancellationToken)
    {
        var inputs = new List<TensorValue>();
        try
        {
            foreach (var spec in session.Signature.Inputs) inputs.Add(await ZerosAsync(spec, session.Memory, settings, cancellationToken).ConfigureAwait(false));

            // A run may block its caller.
            await Task.Run(() => RunOnceAsync(session, inputs, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidInputException exception)
        {
            Log.WarmUpRefused(logger, modelId, exception.Message);
        }
        finally
        {
            foreach (var input in inputs) input.Dispose();
        }
    }

    private static async Task RunOnceAsync(IDeviceSession session, List<TensorValue> inputs, CancellationToken cancellationToken)
    {
        var outputs = await session.RunAsync(inputs, cancellationToken).ConfigureAwait(false);
        foreach (var output in outputs) output.Dispose();
    }

    private static async Task<TensorValue> ZerosAsync(TensorSpec spec, IDeviceMemory memory, ModelSettings settings, CancellationToken cancellationToken)
    {
        var lengths = spec.Lengths.ToArray();
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            if (lengths[axis] >= 0) continue;
            lengths[axis] = spec.LengthNames[axis] is { } name && settings.FreeDimensionOverrides.TryGetValue(name, out var length) ? (nint)length : 1;
        }

        if (spec.ElementType == TensorElementType.String)
        {
            var strings = new string[TensorShape.GetElementCount(lengths)];
            Array.Fill(strings, string.Empty);
            return TensorValue.CreateStrings(strings, lengths);
        }

        var byteLength = spec.ElementType.ByteLength(TensorShape.GetElementCount(lengths));
        var zeros = TensorValue.Create(new NativeBuffer(byteLength, clear: true), spec.ElementType, lengths);
        if (memory.IsHostAccessible) return zeros;
        using (zeros)
        {
            var onDevice = TensorValue.Create(memory.Allocate(byteLength), spec.ElementType, lengths);
            await memory.CopyAsync(zeros, onDevice, cancellationToken).ConfigureAwait(false);
            return onDevice;
        }
    }
}
