using EdgeAI.Batching;
using EdgeAI.Configuration;
using EdgeAI.Diagnostics;
using EdgeAI.Memory;
using EdgeAI.Onnx;
using EdgeAI.Scheduling;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Sessions;

/// <summary>What the lanes of one model share. Immutable.</summary>
internal sealed record ModelContext(
    ModelDescriptor Descriptor,
    ModelSettings Settings,
    EdgeAIOptions Options,
    SchedulerDriver Driver,
    MemoryPools Pools,
    BatchTensors BatchTensors,
    Clock Clock,
    EngineTelemetry Telemetry,
    ILogger Logger)
{
    /// <summary>Which axes are filled up; <see langword="null"/> where none is.</summary>
    public PaddingLayout? Padding { get; init; }

    /// <summary>Indexes of the outputs that are dense tensors.</summary>
    public IReadOnlyList<int> TensorOutputs { get; } =
        [.. Enumerable.Range(0, Descriptor.Signature.Outputs.Count).Where(i => Descriptor.GetService<OnnxModelDescriptor>()?.NonTensorOutputs.ContainsKey(Descriptor.Signature.Outputs[i].Name) != true)];

    public string ModelId => Descriptor.Id;
}
