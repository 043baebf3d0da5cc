using EdgeAI.Devices;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.OnnxRuntime;

/// <summary>What a device provider adds to a session. Immutable.</summary>
public sealed record OnnxSessionSetup
{
    /// <summary>The device, named in errors.</summary>
    public required string DeviceId { get; init; }

    /// <summary>Appends execution providers or sets options, after the defaults and before the caller's raw settings; <see langword="null"/>: the CPU only.</summary>
    public Action<SessionOptions>? Configure { get; init; }

    /// <summary>Where the session's tensors live. Default: host memory, which ONNX Runtime copies to and from the device by itself.</summary>
    public IDeviceMemory Memory { get; init; } = HostMemory.Shared;

    /// <summary>Where ONNX Runtime's log goes from now on, for the whole process; <see langword="null"/>: as before.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
