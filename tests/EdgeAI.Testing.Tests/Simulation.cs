using EdgeAI.Devices;

namespace EdgeAI.Testing.Tests;

/// <summary>Small models and shortcuts that the tests share.</summary>
internal static class Simulation
{
    /// <summary>y = x, both float32[n,3].</summary>
    public static ModelDescriptor EchoModel { get; } = ModelDescriptors.Create(
        "echo",
        new ModelSignature(
            [new TensorSpec("x", TensorElementType.Float32, [-1, 3], ["n", null])],
            [new TensorSpec("y", TensorElementType.Float32, [-1, 3], ["n", null])]));

    public static async Task<IDeviceSession> OpenAsync(SimulatedDevice device, ModelDescriptor? model = null) =>
        await device.OpenSessionAsync(model ?? EchoModel, new DeviceSessionOptions());

    public static TensorValue Rows(params float[] data) => TensorValue.Create(data, data.Length / 3, 3);

    /// <summary>A binding whose input has as many rows as asked for.</summary>
    public static ISessionBinding Bind(IDeviceSession session, int rows)
    {
        var binding = session.CreateBinding();
        binding.SetInput(0, Rows(new float[3 * rows]));
        return binding;
    }
}
