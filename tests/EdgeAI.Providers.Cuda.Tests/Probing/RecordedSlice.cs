using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Tests.Probing;

/// <summary>What NVML answers for one slice of a divided GPU.</summary>
internal sealed record RecordedSlice(Guid Uuid, Answer<NvmlMemory> Memory);
