using EdgeAI.Batching;
using EdgeAI.Devices;
using EdgeAI.Memory;

namespace EdgeAI.Sessions;

/// <summary>Copies tensors between the host and a device whose memory the host cannot reach, through pooled buffers. Thread-safe.</summary>
internal sealed class DeviceStaging(IDeviceMemory memory, BufferPool devicePool, BufferPool hostPool)
{
    /// <summary>The inputs in device memory: those that are already there, and copies of the others.</summary>
    public TensorValue[] StageInputs(TensorValue?[] inputs)
    {
        var staged = new TensorValue[inputs.Length];
        try
        {
            for (var i = 0; i < inputs.Length; i++)
            {
                var input = inputs[i]!;
                staged[i] = NeedsCopy(input) ? Copy(input, devicePool) : input;
            }

            return staged;
        }
        catch
        {
            Drop(staged, inputs);
            throw;
        }
    }

    /// <summary>Disposes the copies that <see cref="StageInputs"/> made.</summary>
    public static void Drop(TensorValue[] staged, TensorValue?[] inputs)
    {
        for (var i = 0; i < staged.Length; i++)
        {
            if (staged[i] is { } copy && !ReferenceEquals(copy, inputs[i])) copy.Dispose();
        }
    }

    /// <summary>An output in host memory: in the destination where there is one, in a pooled buffer otherwise. Takes over the output.</summary>
    public TensorValue ToHost(TensorValue output, TensorValue? destination)
    {
        if (destination is null && !NeedsCopy(output, toHost: true)) return output;
        using (output)
        {
            if (destination is null) return Copy(output, hostPool);
            Destinations.CheckShape(destination, output.Lengths);
            LaneThread.Wait(memory.CopyAsync(output, destination));
            return destination.Share();
        }
    }

    private static bool NeedsCopy(TensorValue tensor, bool toHost = false) =>
        tensor.ElementType != TensorElementType.String && tensor.IsHostAccessible != toHost;

    private TensorValue Copy(TensorValue from, BufferPool pool)
    {
        var buffer = pool.Rent(from.ElementType.ByteLength(from.ElementCount));
        TensorValue? copy = null;
        try
        {
            copy = TensorValue.Create(buffer, from.ElementType, from.Lengths);
            LaneThread.Wait(memory.CopyAsync(from, copy));
            return copy;
        }
        catch
        {
            copy?.Dispose();
            buffer.Dispose();
            throw;
        }
    }
}
