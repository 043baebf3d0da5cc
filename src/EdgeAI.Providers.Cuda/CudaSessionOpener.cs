using EdgeAI.Devices;
using EdgeAI.OnnxRuntime;
using EdgeAI.Providers.Cuda.Interop;
using EdgeAI.Providers.Cuda.Libraries;
using EdgeAI.Providers.Cuda.Probing;
using EdgeAI.Providers.Cuda.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Providers.Cuda;

/// <summary>Opens sessions on one GPU. Thread-safe.</summary>
/// <param name="gpu">The GPU.</param>
/// <param name="provider">How ONNX Runtime gets its CUDA execution provider.</param>
/// <param name="options">Ours.</param>
/// <param name="loggers">Where ONNX Runtime's log goes.</param>
internal sealed class CudaSessionOpener(Gpu gpu, ProviderSetup provider, CudaOptions options, ILoggerFactory? loggers)
{
    private readonly IDeviceMemory _memory = options.UsePinnedMemory ? new PinnedMemory(gpu.Driver, gpu.Device) : HostMemory.Shared;

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
        var stream = CreateStream(model);
        var session = await OnnxSessionFactory.OpenAsync(
            model,
            sessionOptions,
            new OnnxSessionSetup
            {
                DeviceId = gpu.Info.Id,
                Configure = native => Append(native, model, sessionOptions, stream?.Handle ?? 0),
                InspectAssignments = inspect,
                FindDeviceFault = findFault,

                // One stream runs one run at a time.
                MaxConcurrentRuns = stream is null ? null : 1,
                Owned = stream,
                Memory = _memory,
                LoggerFactory = loggers,
            },
            cancellationToken).ConfigureAwait(false);
        if (options.PreallocatedBytes is not { } bytes) return session;
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
        if (options.StreamPriority == CudaStreamPriority.Default || provider.Kind != ProviderKind.BuiltIn || !gpu.HasStreamPriorities) return null;
        return CudaStream.TryCreate(gpu.Driver, gpu.Device, options.StreamPriority, out var code)
            ?? throw new DeviceFaultException(gpu.Info.Id, $"{model.Id}: {gpu.Info.Id} gives no stream ({CudaResult.Describe(code)}).", code == CudaResult.OutOfMemory ? new InsufficientMemoryException() : null);
    }

    private void Append(SessionOptions native, ModelDescriptor model, DeviceSessionOptions sessionOptions, nint stream)
    {
        var hasDynamicShape = HasDynamicShape(model.Signature, sessionOptions);
        try
        {
            if (provider.Kind == ProviderKind.Plugin)
            {
                native.AppendExecutionProvider(OnnxRuntimeLibrary.GetEnvironment(), [provider.Devices[gpu.Ordinal]!], ProviderSettings.ForPlugin(options, hasDynamicShape));
                return;
            }

            using var settings = new OrtCUDAProviderOptions();
            settings.UpdateOptions(ProviderSettings.ForBuiltIn(options, gpu.Ordinal, hasDynamicShape, stream));
            native.AppendExecutionProvider_CUDA(settings);
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException)
        {
            throw new DeviceFaultException(gpu.Info.Id, $"{model.Id}: {gpu.Info.Id} cannot be used; {Explain(e.Message)}.", e);
        }
    }

    private string Explain(string message)
    {
        // A GPU build that cannot load its own part says only that: the loader names the missing file.
        if (provider is { Kind: ProviderKind.BuiltIn, Library: { } library } && LoaderMessage.FindMissing(message).Count == 0 && LoadTrial.FindProblem(library) is { } problem)
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
            using var place = provider.Kind == ProviderKind.Plugin
                ? provider.Devices[gpu.Ordinal]!.GetMemoryInfo(OrtDeviceMemoryType.DEFAULT)
                : new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA, OrtAllocatorType.ArenaAllocator, gpu.Ordinal, OrtMemType.Default);
            using var allocator = new OrtAllocator(native, place);
            allocator.Allocate(bytes).Dispose();
        }
        catch (OnnxRuntimeException e)
        {
            throw new DeviceFaultException(gpu.Info.Id, $"{model.Id}: {gpu.Info.Id} cannot take the {bytes} bytes of CudaOptions.PreallocatedBytes; lower it.", findFault(e.Message) ?? e);
        }
    }

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
