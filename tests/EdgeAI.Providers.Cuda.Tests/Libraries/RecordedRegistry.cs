using EdgeAI.Providers.Cuda.Libraries;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Providers.Cuda.Tests.Libraries;

/// <summary>An ONNX Runtime that knows what a test says.</summary>
internal sealed class RecordedRegistry : IProviderRegistry
{
    public string? Problem { get; init; }

    public IReadOnlyList<string> BuiltIn { get; init; } = ["CPUExecutionProvider"];

    public IReadOnlyDictionary<int, OrtEpDevice?> Devices { get; init; } = new Dictionary<int, OrtEpDevice?>();

    public List<string> Registered { get; } = [];

    public string? FindProblem() => Problem;

    public void Register(string path) => Registered.Add(path);

    public void ConfigureArenas(CudaOptions options) => Registered.Add("arenas");

    public IReadOnlyDictionary<int, OrtEpDevice?> GetCudaDevices() => Devices;
}
