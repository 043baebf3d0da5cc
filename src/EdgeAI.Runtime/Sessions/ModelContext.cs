using EdgeAI.Batching;
using EdgeAI.Configuration;
using EdgeAI.Diagnostics;
using EdgeAI.Leases;
using EdgeAI.Memory;
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

    public string ModelId => Descriptor.Id;
}
