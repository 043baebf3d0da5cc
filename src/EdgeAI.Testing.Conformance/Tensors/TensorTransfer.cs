using EdgeAI.Devices;

namespace EdgeAI.Testing.Conformance;

/// <summary>Moves tensors between the host and a device's memory, wherever that is.</summary>
internal static class TensorTransfer
{
    /// <summary>An uninitialised tensor in the device's memory.</summary>
    public static TensorValue AllocateTensor(this IDeviceMemory memory, TensorElementType type, ReadOnlySpan<nint> lengths)
    {
        var buffer = memory.Allocate(type.ByteLength(TensorShape.GetElementCount(lengths)));
        return TensorValue.Create(buffer, type, lengths);
    }

    /// <summary>A copy in the device's memory, owned by the caller.</summary>
    public static async ValueTask<TensorValue> ToDeviceAsync(this IDeviceMemory memory, TensorValue host)
    {
        var placed = memory.AllocateTensor(host.ElementType, host.Lengths);
        await memory.CopyAsync(host, placed).ConfigureAwait(false);
        return placed;
    }

    /// <summary>A copy in host memory, owned by the caller.</summary>
    public static async ValueTask<TensorValue> CopyToHostAsync(this IDeviceMemory memory, TensorValue tensor)
    {
        var host = TensorValue.Create(new NativeBuffer(tensor.Buffer.ByteLength), tensor.ElementType, tensor.Lengths);
        await memory.CopyAsync(tensor, host).ConfigureAwait(false);
        return host;
    }
}
