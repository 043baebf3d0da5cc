using EdgeAI.Devices;

namespace EdgeAI.Testing.Conformance;

/// <summary>The contract of <see cref="IDevice"/>.</summary>
public abstract class DeviceConformance : ConformanceSuite
{
    /// <summary>Facts are present and in range.</summary>
    [TestMethod]
    public void Info_Facts_AreInRange()
    {
        var info = Device.Info;
        Assert.IsFalse(string.IsNullOrWhiteSpace(info.Id), "A device needs an id.");
        Assert.IsFalse(string.IsNullOrWhiteSpace(info.Name), "A device needs a name.");
        Assert.IsFalse(string.IsNullOrWhiteSpace(info.Kind.Name), "A device needs a kind.");
        Assert.AreEqual(info.Kind.Name.ToLowerInvariant(), info.Kind.Name, "A kind is lower-case.");
        Assert.IsNotNull(info.Features, "Features are empty where unknown, not null.");
        Assert.IsTrue(info.MemoryBytes is null or > 0, $"MemoryBytes is {info.MemoryBytes}; more than 0, or null where unknown.");
        Assert.IsTrue(info.Parallelism is null or >= 1, $"Parallelism is {info.Parallelism}; 1 or more, or null.");
        Assert.IsTrue(info.NumaNode is null or >= 0, $"NumaNode is {info.NumaNode}; 0 or more, or null.");
    }

    /// <summary>Facts do not change.</summary>
    [TestMethod]
    public void Info_ReadAgain_IsTheSame() => Assert.AreEqual(Device.Info, Device.Info);

    /// <summary>State is in range, and the device that is to be tested is not broken.</summary>
    [TestMethod]
    public void GetStatus_Values_AreInRange()
    {
        var status = Device.GetStatus();
        Assert.AreNotEqual(DeviceHealth.Failed, status.Health, "The device under test has failed.");
        Assert.IsTrue(Enum.IsDefined(status.Health), $"Health is {status.Health}.");
        Assert.IsTrue(status.LanesBusy is null or >= 0, $"LanesBusy is {status.LanesBusy}.");
        Assert.IsTrue(status.FreeMemoryBytes is null or >= 0, $"FreeMemoryBytes is {status.FreeMemoryBytes}.");
        Assert.IsTrue(status.TemperatureCelsius is null or (> -273.15 and < 1000), $"TemperatureCelsius is {status.TemperatureCelsius}.");
        Assert.IsTrue(status.PowerWatts is null or (>= 0 and < 100_000), $"PowerWatts is {status.PowerWatts}.");
        if (Device.Info.MemoryBytes is { } memory && status.FreeMemoryBytes is { } free) Assert.IsLessThanOrEqualTo(memory, free, "More memory is free than there is.");
    }

    /// <summary>Status may be asked for by many threads, while the device works.</summary>
    [TestMethod]
    public async Task GetStatus_ConcurrentlyWithRuns_NeverThrows()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        var asking = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 200; i++) Assert.IsTrue(Device.GetStatus().LanesBusy is null or >= 0);
        })).ToArray();
        using var lane = CreateLane(session, ConformanceModels.Add);
        for (var seed = 0; seed < 20; seed++) await lane.RunAndCheckAsync(rows: 2, seed).ConfigureAwait(false);
        await Task.WhenAll(asking).ConfigureAwait(false);
    }

    /// <summary>What <see cref="IDevice.Evaluate"/> promises, opening keeps.</summary>
    [TestMethod]
    public async Task Evaluate_EveryModel_AgreesWithOpening()
    {
        foreach (var model in ConformanceModels.All)
        {
            using var descriptor = Describe(model);
            var support = Device.Evaluate(descriptor);
            Assert.AreEqual(support.Level == DeviceSupportLevel.Full, support.Reason is null, $"{model}: a reason belongs to anything but full support.");
            if (support.Level == DeviceSupportLevel.None)
            {
                Assert.AreNotSame(ConformanceModels.Add, model, $"Every device must run {model}, but: {support.Reason}.");
                await Assert.ThrowsAsync<ModelLoadException>(
                    async () => await Device.OpenSessionAsync(descriptor, SessionOptions).ConfigureAwait(false),
                    $"{model} was declined, so opening it must be refused.").ConfigureAwait(false);
            }
            else
            {
                await using var session = await Device.OpenSessionAsync(descriptor, SessionOptions).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Judging a model leaves no trace.</summary>
    [TestMethod]
    public void Evaluate_Again_AnswersTheSame()
    {
        using var descriptor = Describe(ConformanceModels.MatMul);
        Assert.AreEqual(Device.Evaluate(descriptor), Device.Evaluate(descriptor));
    }

    /// <summary>An unknown operator is declined by name, at the latest when the model is opened.</summary>
    [TestMethod]
    public async Task OpenSessionAsync_UnknownOperator_IsRefusedByName()
    {
        using var descriptor = Describe(ConformanceModels.UnknownOperator);
        var support = Device.Evaluate(descriptor);
        if (support.Level == DeviceSupportLevel.None) Assert.Contains("NoSuchOperator", support.UnknownOperator ?? "", "Evaluate must name the unknown operator.");
        var refusal = await Assert.ThrowsAsync<ModelLoadException>(
            async () => await Device.OpenSessionAsync(descriptor, SessionOptions).ConfigureAwait(false),
            "A model with an unknown operator must be refused.").ConfigureAwait(false);
        Assert.Contains("NoSuchOperator", refusal.UnknownOperator ?? "", "The refusal must name the unknown operator.");
    }

    /// <summary>A session shows the model's own names, types and lengths.</summary>
    [TestMethod]
    public async Task OpenSessionAsync_Signature_IsTheModels()
    {
        await using var session = await OpenAsync(ConformanceModels.MatMul).ConfigureAwait(false);
        Assert.AreEqual(ConformanceModels.MatMul.Signature.ToString(), session.Signature.ToString());
    }

    /// <summary>A cancelled opening throws a cancellation and leaves the device sound.</summary>
    [TestMethod]
    public async Task OpenSessionAsync_Cancelled_ThrowsAndHarmsNothing()
    {
        // Asked for here: an absent device makes the test inconclusive, which inside the assertion would be a failure.
        var device = Device;
        using var descriptor = Describe(ConformanceModels.Add);
        await Assert.ThrowsAsync<OperationCanceledException>(
            async () => await device.OpenSessionAsync(descriptor, SessionOptions, new CancellationToken(canceled: true)).ConfigureAwait(false)).ConfigureAwait(false);
        await OpenAndCheckAsync().ConfigureAwait(false);
    }

    /// <summary>A session does not need the caller's reference to the descriptor.</summary>
    [TestMethod]
    public async Task OpenSessionAsync_DescriptorDisposed_SessionStillRuns()
    {
        var descriptor = Describe(ConformanceModels.MatMul);
        await using var session = await Device.OpenSessionAsync(descriptor, SessionOptions).ConfigureAwait(false);
        descriptor.Dispose();
        using var lane = CreateLane(session, ConformanceModels.MatMul);
        await lane.RunAndCheckAsync(rows: 3, seed: 1).ConfigureAwait(false);
    }

    /// <summary>Sessions of one model are independent: closing one leaves the other.</summary>
    [TestMethod]
    public async Task OpenSessionAsync_Twice_SessionsAreIndependent()
    {
        var first = await OpenAsync(ConformanceModels.MatMul).ConfigureAwait(false);
        await using var second = await OpenAsync(ConformanceModels.MatMul).ConfigureAwait(false);
        await first.DisposeAsync().ConfigureAwait(false);
        using var lane = CreateLane(second, ConformanceModels.MatMul);
        await lane.RunAndCheckAsync(rows: 2, seed: 1).ConfigureAwait(false);
    }

    /// <summary>Fixed lengths for symbols are accepted, and runs of that length give right answers.</summary>
    [TestMethod]
    public async Task OpenSessionAsync_FreeDimensionOverride_RunsAtThatLength()
    {
        using var descriptor = Describe(ConformanceModels.Add);
        var options = SessionOptions with { FreeDimensionOverrides = new Dictionary<string, long> { ["n"] = 5 } };
        await using var session = await Device.OpenSessionAsync(descriptor, options).ConfigureAwait(false);
        using var lane = CreateLane(session, ConformanceModels.Add);
        await lane.RunAndCheckAsync(rows: 5, seed: 1).ConfigureAwait(false);
    }

    /// <summary>Settings with another runtime's keys are ignored.</summary>
    [TestMethod]
    public async Task OpenSessionAsync_SettingsOfAnotherRuntime_AreIgnored()
    {
        using var descriptor = Describe(ConformanceModels.Add);
        var options = SessionOptions with { Settings = new Dictionary<string, string> { ["edgeai.conformance.unknown"] = "1" } };
        await using var session = await Device.OpenSessionAsync(descriptor, options).ConfigureAwait(false);
    }

    /// <summary>A device may be disposed any number of times, and opens nothing afterwards.</summary>
    [TestMethod]
    public async Task DisposeAsync_Twice_IsHarmlessAndEndsTheDevice()
    {
        await Device.DisposeAsync().ConfigureAwait(false);
        await Device.DisposeAsync().ConfigureAwait(false);
        using var descriptor = Describe(ConformanceModels.Add);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await Device.OpenSessionAsync(descriptor, SessionOptions).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task OpenAndCheckAsync()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        using var lane = CreateLane(session, ConformanceModels.Add);
        await lane.RunAndCheckAsync(rows: 2, seed: 1).ConfigureAwait(false);
    }
}
