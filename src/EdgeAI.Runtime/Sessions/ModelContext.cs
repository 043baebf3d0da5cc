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
    public string ModelId => Descriptor.Id;
}
