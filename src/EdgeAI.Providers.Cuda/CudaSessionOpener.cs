using System.Runtime.CompilerServices;
using EdgeAI.Devices;
using EdgeAI.OnnxRuntime;
using EdgeAI.Providers.Cuda.Interop;
using EdgeAI.Providers.Cuda.Libraries;
using EdgeAI.Providers.Cuda.Memory;
using EdgeAI.Providers.Cuda.Probing;
using EdgeAI.Providers.Cuda.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Providers.Cuda;

/// <summary>Opens sessions on one GPU. Thread-safe.</summary>
internal sealed partial class CudaSessionOpener : IDisposable
{
    private readonly Gpu _gpu;
    private readonly ProviderSetup _provider;
    private readonly CudaOptions _options;
    private readonly ILoggerFactory? _loggers;
    private readonly ILogger? _logger;
    private readonly IDeviceMemory _memory;
    private readonly OnnxGraphCapture? _capture;

    // Opening found that these do not suit: their next sessions are not opened twice.
    private readonly ConditionalWeakTable<ModelDescriptor, object> _uncaptured = [];

    public CudaSessionOpener(Gpu gpu, ProviderSetup provider, CudaOptions options, ILoggerFactory? loggers)
    {
        _gpu = gpu;
        _provider = provider;
        _options = options;
        _loggers = loggers;
        _logger = loggers?.CreateLogger<CudaSessionOpener>();
        _memory = gpu.InPlace is { } access && options.UnifiedMemory == CudaUnifiedMemory.Automatic ? new UnifiedMemory(gpu.Driver, gpu.Device, access, NameMemory)
            : options.UsePinnedMemory ? new PinnedMemory(gpu.Driver, gpu.Device)
            : HostMemory.Shared;
        if (!CapturesGraphs(gpu, provider, options)) return;
        _capture = new OnnxGraphCapture
        {
            Memory = _memory as IOnnxDeviceMemory ?? new OwnMemory(gpu.Driver, gpu.Device, NameMemory),
            MaxGraphs = options.MaxCudaGraphs,
            Gate = new OnnxCaptureGate(),
        };
    }

    /// <summary>Where sessions' tensors lie.</summary>
    internal IDeviceMemory Memory => _memory;

    /// <summary>Whether sessions capture graphs, as far as it does not depend on the model.</summary>
    public static bool CapturesGraphs(Gpu gpu, ProviderSetup provider, CudaOptions options) => options.UseCudaGraphs && (provider.Kind == ProviderKind.BuiltIn || gpu.HasMemoryPools);

    /// <summary>Opens a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sessionOptions">The engine's.</param>
    /// <param name="inspect">Looks at where each node went.</param>
    /// <param name="findFault">Judges errors.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    public async ValueTask<IDeviceSession> OpenAsync(
        ModelDescriptor model,
        DeviceSessionOptions sessionOptions,
        Action<IReadOnlyList<OnnxNodeAssignment>> inspect,
        Func<string, Exception?> findFault,
        CancellationToken cancellationToken)
    {
        if (_capture is not null && !_uncaptured.TryGetValue(model, out _))
        {
            try
            {
                return await OpenAsync(model, sessionOptions, inspect, findFault, _capture, cancellationToken).ConfigureAwait(false);
            }
            catch (OnnxGraphCaptureException e)
            {
                _uncaptured.AddOrUpdate(model, this);
                if (_logger is not null) LogNotCaptured(_logger, _gpu.Info.Id, e.Message);
            }
        }

        return await OpenAsync(model, sessionOptions, inspect, findFault, capture: null, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => (_capture?.Memory as IDisposable)?.Dispose();

    private async ValueTask<IDeviceSession> OpenAsync(
        ModelDescriptor model,
        DeviceSessionOptions sessionOptions,
        Action<IReadOnlyList<OnnxNodeAssignment>> inspect,
        Func<string, Exception?> findFault,
        OnnxGraphCapture? capture,
        CancellationToken cancellationToken)
    {
        var stream = CreateStream(model);
        var session = await OnnxSessionFactory.OpenAsync(
            model,
            sessionOptions,
            new OnnxSessionSetup
            {
                DeviceId = _gpu.Info.Id,
                Configure = native => Append(native, model, sessionOptions, stream?.Handle ?? 0, capture is not null),
                InspectAssignments = inspect,
                FindDeviceFault = findFault,

                // One stream runs one run at a time.
                MaxConcurrentRuns = stream is null ? null : 1,
                Owned = stream,
                Memory = _memory,
                GraphCapture = capture,
                CaptureGate = _capture?.Gate,
                EnterLoading = _capture?.Gate is { } gate ? gate.EnterLoading : null,
                LoggerFactory = _loggers,
            },
            cancellationToken).ConfigureAwait(false);
        if (_options.PreallocatedBytes is not { } bytes) return session;
        try
        {
            Preallocate(session, (uint)bytes, model, findFault);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private CudaStream? CreateStream(ModelDescriptor model)
    {
        if (_options.StreamPriority == CudaStreamPriority.Default || _provider.Kind != ProviderKind.BuiltIn || !_gpu.HasStreamPriorities) return null;
        return CudaStream.TryCreate(_gpu.Driver, _gpu.Device, _options.StreamPriority, out var code)
            ?? throw new DeviceFaultException(_gpu.Info.Id, $"{model.Id}: {_gpu.Info.Id} gives no stream ({CudaResult.Describe(code)}).", code == CudaResult.OutOfMemory ? new InsufficientMemoryException() : null);
    }

    private void Append(SessionOptions native, ModelDescriptor model, DeviceSessionOptions sessionOptions, nint stream, bool capturesGraphs)
    {
        var hasDynamicShape = HasDynamicShape(model.Signature, sessionOptions);
        try
        {
            if (_provider.Kind == ProviderKind.Plugin)
            {
                native.AppendExecutionProvider(OnnxRuntimeLibrary.GetEnvironment(), [_provider.Devices[_gpu.Ordinal]!], ProviderSettings.ForPlugin(_options, hasDynamicShape, capturesGraphs));
                return;
            }

            using var settings = new OrtCUDAProviderOptions();
            settings.UpdateOptions(ProviderSettings.ForBuiltIn(_options, _gpu.Ordinal, hasDynamicShape, stream, capturesGraphs));
            native.AppendExecutionProvider_CUDA(settings);
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException)
        {
            throw new DeviceFaultException(_gpu.Info.Id, $"{model.Id}: {_gpu.Info.Id} cannot be used; {Explain(e.Message)}.", e);
        }
    }

    private string Explain(string message)
    {
        // A GPU build that cannot load its own part says only that: the loader names the missing file.
        if (_provider is { Kind: ProviderKind.BuiltIn, Library: { } library } && LoaderMessage.FindMissing(message).Count == 0 && LoadTrial.FindProblem(library) is { } problem)
        {
            return LoaderMessage.Explain(library, problem);
        }

        return LoaderMessage.Explain("the CUDA execution provider", message);
    }

    // The arena keeps what it once had: taking a block and giving it back leaves it there for the runs.
    private void Preallocate(IDeviceSession session, uint bytes, ModelDescriptor model, Func<string, Exception?> findFault)
    {
        if ((session as IServiceProvider)?.GetService(typeof(InferenceSession)) is not InferenceSession native) return;
        try
        {
            using var loading = _capture?.Gate?.EnterLoading();
            using var place = NameMemory(OrtAllocatorType.ArenaAllocator);
            using var allocator = new OrtAllocator(native, place);
            allocator.Allocate(bytes).Dispose();
        }
        catch (OnnxRuntimeException e)
        {
            throw new DeviceFaultException(_gpu.Info.Id, $"{model.Id}: {_gpu.Info.Id} cannot take the {bytes} bytes of CudaOptions.PreallocatedBytes; lower it.", findFault(e.Message) ?? e);
        }
    }

    private OrtMemoryInfo NameMemory() => NameMemory(OrtAllocatorType.DeviceAllocator);

    private OrtMemoryInfo NameMemory(OrtAllocatorType type) => _provider.Kind == ProviderKind.Plugin
        ? _provider.Devices[_gpu.Ordinal]!.GetMemoryInfo(OrtDeviceMemoryType.DEFAULT)
        : new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA, type, _gpu.Ordinal, OrtMemType.Default);

    [LoggerMessage(LogLevel.Warning, "CudaOptions.UseCudaGraphs has no effect on {DeviceId} for this model: {Problem}")]
    private static partial void LogNotCaptured(ILogger logger, string deviceId, string problem);

    private static bool HasDynamicShape(ModelSignature signature, DeviceSessionOptions options)
    {
        foreach (var input in signature.Inputs)
        {
            if (!input.HasRank) return true;
            for (var axis = 0; axis < input.Lengths.Length; axis++)
            {
                if (input.Lengths[axis] == -1 && (input.LengthNames[axis] is not { } name || !options.FreeDimensionOverrides.ContainsKey(name))) return true;
            }
        }

        return false;
    }
}
