using EdgeAI.Devices;

namespace EdgeAI.Testing.Conformance;

/// <summary>
/// What every suite shares: a provider that is new for each test, its device, and the models. A provider's author derives each suite in
/// a test class of their own; <see cref="ConformanceCoverage"/> fails while one is missing.
/// </summary>
public abstract class ConformanceSuite
{
    private IDeviceProvider? _provider;
    private IReadOnlyList<IDevice> _devices = [];

    /// <summary>Creates the provider under test, as its <c>AddXyz</c> would.</summary>
    protected abstract IDeviceProvider CreateProvider();

    /// <summary>The device under test; <see langword="null"/> (default): the first that is found.</summary>
    protected virtual string? DeviceId => null;

    /// <summary>Whether the hardware may be missing on the machine that runs the tests, which are then inconclusive. Default: <see langword="false"/>.</summary>
    protected virtual bool MayBeAbsent => false;

    /// <summary>How far a float32 answer may be off, relative to the larger of 1 and the answer. Default: 1e-5.</summary>
    protected virtual float Tolerance => 1e-5f;

    /// <summary>How sessions are opened. Default: the defaults.</summary>
    protected virtual DeviceSessionOptions SessionOptions { get; } = new();

    /// <summary>The descriptor by which the device opens a model; the caller disposes it. Default: the ONNX model, read by EdgeAI.Onnx.</summary>
    protected virtual ModelDescriptor Describe(ConformanceModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Open();
    }

    /// <summary>The provider of this test.</summary>
    protected IDeviceProvider Provider => _provider ?? throw new InvalidOperationException("The suite was not initialised; call InitializeAsync first.");

    /// <summary>The device of this test. Inconclusive where it is absent and may be.</summary>
    protected IDevice Device
    {
        get
        {
            var device = _devices.FirstOrDefault(found => DeviceId is null || found.Info.Id == DeviceId);
            if (device is not null) return device;
            var message = $"{Provider.Name} found no device {DeviceId}";
            if (MayBeAbsent) Assert.Inconclusive($"{message} on this machine.");
            Assert.Fail($"{message}; override MayBeAbsent where the hardware may be missing.");
            throw new InvalidOperationException(message);
        }
    }

    /// <summary>Creates the provider and finds its devices.</summary>
    [TestInitialize]
    public async Task InitializeAsync()
    {
        _provider = CreateProvider();
        _devices = (await _provider.DiscoverAsync().ConfigureAwait(false)).Devices;
    }

    /// <summary>Disposes the devices, as the engine would.</summary>
    [TestCleanup]
    public async Task CleanupAsync()
    {
        foreach (var device in _devices) await device.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Opens a model. Inconclusive where the device says that it cannot run it, except <see cref="ConformanceModels.Add"/>, which every device must.</summary>
    private protected async Task<IDeviceSession> OpenAsync(ConformanceModel model)
    {
        using var descriptor = Describe(model);
        var support = Device.Evaluate(descriptor);
        if (support.Level == DeviceSupportLevel.None)
        {
            var message = $"{Device.Info.Id} does not run {model}: {support.Reason}.";
            if (model == ConformanceModels.Add) Assert.Fail(message);
            Assert.Inconclusive(message);
        }

        return await Device.OpenSessionAsync(descriptor, SessionOptions).ConfigureAwait(false);
    }

    /// <summary>Opens a lane on a session.</summary>
    private protected Lane CreateLane(IDeviceSession session, ConformanceModel model) => new(session, model, Tolerance);
}
