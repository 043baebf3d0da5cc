using EdgeAI.Batching;
using EdgeAI.Configuration;
using EdgeAI.Devices;
using EdgeAI.Diagnostics;
using EdgeAI.Leases;
using EdgeAI.Memory;
using EdgeAI.Onnx;
using EdgeAI.Profiling;
using EdgeAI.Routing;
using EdgeAI.Scheduling;
using EdgeAI.Sessions;
using EdgeAI.Tuning;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Engine;

/// <summary>Reads a model, finds a device for it and opens it there. Nothing stays half-loaded when it throws. Thread-safe.</summary>
internal sealed class ModelLoader(DeviceCatalog devices, DeviceBudgets budgets, BatchingPolicies policies, RoutingPolicies routingPolicies, Func<ModelDescriptor, DeviceInfo, TimeSpan?> presume, CurveStore? curves, MemoryPools pools, EdgeAIOptions options, Clock clock, EngineTelemetry telemetry, ILogger logger)
{
    public EdgeAIOptions Options => options;

    public IdleWatch Idle { get; } = new();

    /// <summary>Where measurements are kept; <see langword="null"/> where they are not.</summary>
    public CurveStore? Curves => curves;

    public Clock Clock => clock;

    /// <summary>How long a run of one row is expected to take on a device that has not run it yet; <see langword="null"/> where that cannot be told.</summary>
    public TimeSpan? Presume(ModelContext model, DeviceInfo device) => presume(model.Descriptor, device);

    public EngineTelemetry Telemetry => telemetry;

    public ModelContext CreateContext(ModelDescriptor descriptor, ModelSettings settings, SchedulerDriver driver)
    {
        var tensors = new BatchTensors(pools.Host);
        var padding = PaddingLayout.FromDeclaration(settings.Padding, descriptor.Signature, tensors, out var problem);
        if (problem is not null) throw new ModelLoadException($"{problem}.", descriptor.Id);
        return new ModelContext(descriptor, settings, options, driver, pools, tensors, clock, telemetry, logger) { Padding = padding };
    }

    /// <summary>Reads the signature alone.</summary>
    public static ModelSignature ReadSignature(ModelSource source, ModelSettings settings)
    {
        using var descriptor = Read(source, settings);
        return descriptor.Signature;
    }

    public async Task<LoadedModel> LoadAsync(ModelSource source, ModelSettings settings, IProgress<ModelLoadProgress>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(new(source.Id, ModelLoadStage.Reading));
        var descriptor = Read(source, settings);
        LoadedModel? model = null;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            model = new LoadedModel(descriptor, settings, this, policies.For(settings, descriptor.Id, logger), routingPolicies.For(settings, descriptor.Id, logger));
            await model.OpenAsync(settings.DeviceId, progress, cancellationToken).ConfigureAwait(false);
            progress?.Report(new(source.Id, ModelLoadStage.Ready));
            model.JoinOthers();
            return model;
        }
        catch
        {
            if (model is null) descriptor.Dispose();
            else await model.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The devices beside one that can run all of the model, in the order of registration.</summary>
    public async Task<IReadOnlyList<IDevice>> FindOthersAsync(ModelContext model, string deviceId, CancellationToken cancellationToken)
    {
        var choice = DeviceChoice.Make(await devices.GetAsync(cancellationToken).ConfigureAwait(false), model.Descriptor, pinnedTo: null, cpuFirst: true);
        return [.. choice.Order.Where(device => device.Info.Id != deviceId && choice.MayJoin(device))];
    }

    /// <summary>Opens the model on the first device that takes it.</summary>
    public async Task<DeviceLanes> OpenAsync(ModelContext model, string? deviceId, IProgress<ModelLoadProgress>? progress, CancellationToken cancellationToken)
    {
        var descriptor = model.Descriptor;
        progress?.Report(new(descriptor.Id, ModelLoadStage.SelectingDevice));
        var choice = DeviceChoice.Make(await devices.GetAsync(cancellationToken).ConfigureAwait(false), descriptor, deviceId, cpuFirst: model.Settings.MaxDevices != 1);
        var refusals = choice.Refusals.ToList();
        var errors = new List<Exception>();
        foreach (var device in choice.Order)
        {
            progress?.Report(new(descriptor.Id, ModelLoadStage.OpeningSessions, device.Info.Id));
            try
            {
                var routing = new RoutingDecision(device.Info.Id, Explain(choice, device, deviceId), choice.Candidates);
                return await DeviceLanes.OpenAsync(model, device, routing, budgets.For(device.Info), progress, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is ModelLoadException or DeviceFaultException or OutOfMemoryException)
            {
                errors.Add(exception);
                refusals.Add(new DeviceRefusal(device.Info.Id, exception.Message.TrimEnd('.')));
            }
        }

        // Where every device that tried says that the model itself is at fault, that is the answer.
        if (errors.Count > 0 && refusals.Count - errors.Count == choice.Refusals.Count && errors.All(e => e is ModelLoadException)) throw errors[0];
        if (choice.UnknownOperator is { } unknown)
        {
            var reasons = string.Join("; ", choice.Refusals.Select(refusal => $"{refusal.Device}: {refusal.Reason}"));
            throw new ModelLoadException($"the operator {unknown} is not known to any device here ({reasons}). Register the operator library that has it, or export the model without it.", descriptor.Id) { UnknownOperator = unknown };
        }

        throw new NoCompatibleDeviceException(descriptor.Id, refusals, errors.Count > 0 ? errors[0] : null);
    }

    private static OnnxModelDescriptor Read(ModelSource source, ModelSettings settings) =>
        OnnxModelDescriptor.Open(source, new OnnxReaderOptions { ExternalDataRoots = settings.ExternalDataRoots });

    private static string Explain(DeviceChoice choice, IDevice device, string? pinnedTo)
    {
        if (pinnedTo is not null) return choice.Candidates.Count == 1 ? "it was asked for by name" : "it is one of the devices that can run the model";
        if (choice.Order.Count == 1) return choice.Candidates.Count == 1 ? "it is the only device" : "it is the only device that can run the model";
        return $"it is the first of {choice.Order.Count} devices that can run {(choice.MayJoin(device) ? "all" : "part")} of the model";
    }
}
