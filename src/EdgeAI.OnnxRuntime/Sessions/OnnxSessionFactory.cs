using EdgeAI.Devices;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.OnnxRuntime;

/// <summary>Opens models with ONNX Runtime. Thread-safe.</summary>
public static class OnnxSessionFactory
{
    /// <summary>Loads a model that has been read and checked, on a thread of the pool.</summary>
    /// <param name="model">The model; retained until the session and its bindings are disposed.</param>
    /// <param name="options">Threads, fixed lengths and raw settings. The settings are ONNX Runtime's session configuration entries and override the defaults.</param>
    /// <param name="setup">What the device adds.</param>
    /// <param name="cancellationToken">Stops the load; nothing stays half-loaded.</param>
    /// <returns>
    /// A session whose bindings also implement <see cref="IOutputSelection"/>, and which answers <see cref="IServiceProvider.GetService"/> for <see cref="InferenceSession"/> and <see cref="IThreadPreparation"/>.
    /// With one thread it takes up to 256 runs at the same time, otherwise one.
    /// </returns>
    /// <exception cref="ModelLoadException">ONNX Runtime refuses the model.</exception>
    /// <exception cref="OnnxGraphCaptureException">The setup asks for graphs, and the model does not suit.</exception>
    /// <exception cref="NoCompatibleDeviceException">The native library is missing or of another version.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async ValueTask<IDeviceSession> OpenAsync(ModelDescriptor model, DeviceSessionOptions options, OnnxSessionSetup setup, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Lanes, 1);

        try
        {
            if (setup.LoggerFactory is { } loggers) OnnxRuntimeLog.UseLogger(loggers.CreateLogger(OnnxRuntimeLog.Category));
            if (OnnxEnvironment.TryEnsure() is { } problem)
            {
                throw new NoCompatibleDeviceException(model.Id, [new DeviceRefusal(setup.DeviceId, problem.ToString())]);
            }

            return await Task.Run(() => Open(model, options, setup, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            setup.Owned?.Dispose();
            throw;
        }
    }

    private static OnnxSession Open(ModelDescriptor model, DeviceSessionOptions options, OnnxSessionSetup setup, CancellationToken cancellationToken)
    {
        using var loading = setup.EnterLoading?.Invoke();
        using var sessionOptions = SessionConfiguration.Create(model, options, setup);
        model.Retain();
        LoadedModel loaded;
        try
        {
            var bytes = ModelContent.Prepare(model, sessionOptions);
            using (cancellationToken.UnsafeRegister(static o => ((SessionOptions)o!).SetLoadCancellationFlag(true), sessionOptions))
            {
                var native = NativeSession.Create(bytes, sessionOptions, model, setup);
                try
                {
                    setup.InspectAssignments?.Invoke(NodeAssignments.Read(native.Handle));
                    if (setup.GraphCapture is { } capture && CapturePreconditions.FindProblem(native, model, capture) is { } problem) throw new OnnxGraphCaptureException($"{model.Id}: runs cannot be captured as graphs: {problem}.");
                    loaded = new LoadedModel(native, model, setup);
                }
                catch
                {
                    native.Dispose();
                    throw;
                }
            }
        }
        catch (Exception e)
        {
            model.Release();
            if (e is not OperationCanceledException && cancellationToken.IsCancellationRequested) throw new OperationCanceledException($"Loading {model.Id} was cancelled.", e, cancellationToken);
            throw;
        }

        if (cancellationToken.IsCancellationRequested)
        {
            loaded.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
        }

        return new OnnxSession(loaded, options.Threads, setup);
    }
}
