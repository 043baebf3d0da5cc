using EdgeAI.Devices;

namespace EdgeAI.Testing.Tests.Conformance.Flaws;

internal sealed class FlawedDevice(SimulatedDevice sound, Flaw flaw) : IDevice
{
    private IDeviceSession? _only;
    private int _calls;

    public SimulatedDevice Sound => sound;

    public DeviceInfo Info => flaw switch
    {
        Flaw.ForeignProviderName => sound.Info with { Provider = "another" },
        Flaw.ChangingFacts => sound.Info with { MemoryBytes = 1_000_000 + _calls++ },
        _ => sound.Info,
    };

    public DeviceStatus GetStatus() => flaw switch
    {
        Flaw.NegativeFreeMemory => sound.GetStatus() with { FreeMemoryBytes = -1 },
        Flaw.NegativeLanes => sound.GetStatus() with { LanesBusy = -1 },
        Flaw.LanesStayBusy => sound.GetStatus() with { LanesBusy = 1 },
        _ => sound.GetStatus(),
    };

    public DeviceSupport Evaluate(ModelDescriptor model)
    {
        if (flaw == Flaw.DeclinesButOpens && model.Id.EndsWith("matmul", StringComparison.Ordinal)) return DeviceSupport.None("no reason at all");
        if (flaw == Flaw.MoodySupport) return _calls++ % 2 == 0 ? DeviceSupport.Full : DeviceSupport.Partial("it is Monday");
        if (flaw == Flaw.DeclinesAdd) return DeviceSupport.None("it is too hot today");
        return flaw == Flaw.AcceptsUnknownOperators ? DeviceSupport.Full : sound.Evaluate(model);
    }

    public async ValueTask<IDeviceSession> OpenSessionAsync(ModelDescriptor model, DeviceSessionOptions options, CancellationToken cancellationToken = default)
    {
        if (flaw == Flaw.RefusesForeignSettings && options.Settings.Count > 0) throw new ModelLoadException("Unknown setting.", model.Id);
        if (flaw == Flaw.IgnoresCancelledOpening) cancellationToken = default;
        if (flaw == Flaw.AcceptsUnknownOperators) model = ModelDescriptors.Create(model.Id, model.Signature, compute: model.GetService<SimulatedCompute>());
        var target = flaw == Flaw.OpensWhenDisposed ? new SimulatedDevice(sound.Info.Id) : sound;
        try
        {
            var session = new FlawedSession(await target.OpenSessionAsync(model, options, cancellationToken), model, flaw);
            return flaw == Flaw.OneSessionForAll ? _only ??= session : session;
        }
        catch (DeviceFaultException fault)
        {
            throw FlawedBinding.Disguise(fault, flaw);
        }
    }

    public ValueTask DisposeAsync() => sound.DisposeAsync();
}
