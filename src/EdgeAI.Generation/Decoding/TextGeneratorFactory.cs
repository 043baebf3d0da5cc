using EdgeAI.Devices;
using EdgeAI.Onnx;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeAI.Generation;

/// <summary>Loads model folders that <c>edgeai build</c> or ONNX Runtime GenAI's model builder wrote. Thread-safe.</summary>
public sealed class TextGeneratorFactory
{
    // Drafts and the token before them.
    private const int MaxLogits = 9;

    private readonly IDeviceBroker _broker;
    private readonly IReadOnlyList<IDeviceProvider> _providers;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;

    /// <summary>Creates a factory.</summary>
    /// <param name="broker">Lends memory while a model is loaded, and cores while it works.</param>
    /// <param name="providers">Where devices come from.</param>
    /// <param name="timeProvider">The time.</param>
    /// <param name="loggerFactory">Where it is told what was loaded.</param>
    public TextGeneratorFactory(IDeviceBroker broker, IEnumerable<IDeviceProvider> providers, TimeProvider timeProvider, ILoggerFactory loggerFactory)
    {
        ArgumentNullException.ThrowIfNull(broker);
        ArgumentNullException.ThrowIfNull(providers);
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentNullException.ThrowIfNull(loggerFactory);
        _broker = broker;
        _providers = [.. providers];
        _timeProvider = timeProvider;
        _logger = loggerFactory.CreateLogger<TextGeneratorFactory>();
    }

    /// <summary>Loads a model folder. Waits until the device has the memory.</summary>
    /// <param name="folder">Holds <c>genai_config.json</c>, the ONNX model, and what there is of a tokenizer and a chat template.</param>
    /// <param name="options">How it is served; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Stops the load; nothing stays half-loaded.</param>
    /// <returns>The generator, which the caller disposes.</returns>
    /// <exception cref="OptionsValidationException">An option is out of its range: names every one.</exception>
    /// <exception cref="ModelLoadException">Something in the folder is missing, damaged or not supported.</exception>
    /// <exception cref="NoCompatibleDeviceException">No device can take it.</exception>
    /// <exception cref="RequestRejectedException">The engine is shutting down.</exception>
    public async ValueTask<ITextGenerator> LoadAsync(string folder, TextGeneratorOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new TextGeneratorOptions();
        if (TextGeneratorOptionsValidator.Check(options) is { Count: > 0 } errors) throw new OptionsValidationException(Options.DefaultName, typeof(TextGeneratorOptions), errors);
        var opened = await Task.Run(() => DecoderFolder.Open(folder), cancellationToken).ConfigureAwait(false);
        DeviceLease? memory = null;
        try
        {
            var devices = await FindDevicesAsync(opened, options, cancellationToken).ConfigureAwait(false);
            memory = await _broker.LeaseAsync(EstimateOf(opened, options, devices), cancellationToken).ConfigureAwait(false);
            var device = devices.First(candidate => candidate.Info.Id == memory.DeviceId);
            var plan = PlanOf(opened, options, device, memory.MemoryBytes);
            return await StartAsync(opened, device, plan, memory, options, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            opened.Dispose();
            memory?.Dispose();
            throw;
        }
    }

    private async Task<TextGenerator> StartAsync(DecoderFolder folder, IDevice device, DecoderPlan plan, DeviceLease memory, TextGeneratorOptions options, CancellationToken cancellationToken)
    {
        var clock = new GenerationClock(_timeProvider);

        // A session's threads are fixed: with fewer cores than that they would only get into each other's way.
        var needed = Math.Min(plan.Threads, device.Info.Parallelism ?? plan.Threads);
        var cores = new WorkloadEstimate { Name = folder.Path, DeviceId = device.Info.Id, Cores = plan.Threads, MinCores = needed, HeldMemory = memory };
        using var loading = await _broker.LeaseAsync(cores, cancellationToken).ConfigureAwait(false);
        var started = clock.Now;
        var session = await device.OpenSessionAsync(folder.Model, DecoderSession.Options(plan.Threads, options), cancellationToken).ConfigureAwait(false);
        var preparation = (session as IServiceProvider)?.GetService(typeof(IThreadPreparation)) as IThreadPreparation;
        DecodingEngine? engine = null;
        try
        {
            var decoder = new OnnxDecoder(session, folder.Configuration, folder.Layout, plan.Slots, plan.Capacity, plan.MaxChunk, MaxLogits);
            var limits = new DecodingLimits { MaxQueueLength = options.MaxQueueLength, PrefixCacheBytes = options.PrefixCacheBytes };
            engine = new DecodingEngine(decoder, limits, EndTokensOf(folder), device.Info.Id, clock);
            await Task.Run(() => WarmUp(engine, folder, options, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            if (engine is null) await session.DisposeAsync().ConfigureAwait(false);
            else engine.Dispose();
            throw;
        }

        var worker = new DecodingWorker(engine, _broker, cores, clock, preparation);
        var loaded = new LoadedDecoder(folder, InfoOf(folder, plan, memory), memory);
        var generator = new TextGenerator(loaded, engine, worker, clock, options);
        worker.Start($"EdgeAI generation {loaded.Model.Id}");
        if (folder.TemplateProblem is { } problem) LoadedModelLog.BadTemplate(_logger, loaded.Model.Id, problem);
        LoadedModelLog.Loaded(_logger, loaded.Model.Id, device.Info.Id, plan.Slots, plan.Capacity, plan.Threads, TimeSpan.FromTicks(clock.Now - started).TotalSeconds, memory.Reason ?? "");
        return generator;
    }

    private void WarmUp(DecodingEngine engine, DecoderFolder folder, TextGeneratorOptions options, CancellationToken cancellationToken)
    {
        engine.WarmUp(cancellationToken);
        var format = new Lazy<PrefixFormat>(() => new PrefixFormat(ModelFingerprint.Of(folder.Model), engine.RowBytes));
        PinnedPrompts.Load(engine, folder, options, format, NotKept, cancellationToken);
        KeptConversations.Load(engine, options, format, _timeProvider, NotKept, cancellationToken);
        foreach (var file in folder.Model.GetService<OnnxModelContent>()?.ExternalFiles ?? []) file.DropPages();

        void NotKept(string problem) => LoadedModelLog.NotKept(_logger, folder.Path, options.PrefixCacheFolder!, problem);
    }

    /// <summary>Those that can run all of the model.</summary>
    private async Task<IReadOnlyList<IDevice>> FindDevicesAsync(DecoderFolder folder, TextGeneratorOptions options, CancellationToken cancellationToken)
    {
        var refusals = new List<DeviceRefusal>();
        var able = new List<IDevice>();
        foreach (var provider in _providers)
        {
            var found = await provider.DiscoverAsync(cancellationToken).ConfigureAwait(false);
            refusals.AddRange(found.Unavailable.Select(reason => new DeviceRefusal(provider.Name, reason)));
            foreach (var device in found.Devices)
            {
                if (Refuse(device, folder, options) is { } reason) refusals.Add(new DeviceRefusal(device.Info.Id, reason));
                else able.Add(device);
            }
        }

        return able.Count > 0 ? able : throw new NoCompatibleDeviceException(folder.Path, refusals);
    }

    private static string? Refuse(IDevice device, DecoderFolder folder, TextGeneratorOptions options)
    {
        if (options.DeviceId is { } id && device.Info.Id != id) return $"TextGeneratorOptions.DeviceId names {id}";
        if (options.DeviceId is null && device.Info.Kind != DeviceKind.Cpu && device.Info.HasUnifiedMemory != true) return "its memory is not the host's, where the key-value cache must lie";
        var support = device.Evaluate(folder.Model);
        return support.Level == DeviceSupportLevel.Full ? null : support.Reason ?? "it cannot run all of the model";
    }

    /// <summary>Memory for one sequence is needed, or for as many as the host wants; more is welcome. Each token reads all weights: the device that reads fastest decodes fastest.</summary>
    private static WorkloadEstimate EstimateOf(DecoderFolder folder, TextGeneratorOptions options, IReadOnlyList<IDevice> devices) => new()
    {
        Name = folder.Path,
        DeviceId = options.DeviceId,
        DeviceIds = [.. devices.Select(device => device.Info.Id)],
        Cores = 0,
        MemoryBytes = PlanOf(folder, options, devices[0], memory: null).MemoryBytes,
        MinMemoryBytes = PlanOf(folder, options, devices[0], memory: 0).MemoryBytes,
        BytesPerStep = folder.Model.WeightBytes,
    };

    private static DecoderPlan PlanOf(DecoderFolder folder, TextGeneratorOptions options, IDevice device, long? memory) =>
        DecoderPlan.Create(folder.Path, folder.Configuration, folder.Layout, folder.Model.WeightBytes, options, device.Info.Parallelism, memory);

    private static IReadOnlyList<int> EndTokensOf(DecoderFolder folder) =>
        folder.Configuration.EndTokens.Count > 0 ? folder.Configuration.EndTokens : folder.Tokenizer?.EndTokens ?? [];

    private static GenerationModelInfo InfoOf(DecoderFolder folder, DecoderPlan plan, DeviceLease memory) => new()
    {
        Id = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder.Path)),
        Family = folder.Configuration.Family,
        VocabularySize = folder.Configuration.VocabularySize,
        ContextLength = plan.Capacity,
        EndTokens = EndTokensOf(folder),
        MaxSequences = plan.Slots,
        DeviceId = memory.DeviceId,
        DeviceReason = memory.Reason,
    };
}
