using EdgeAI.Devices;

namespace EdgeAI.Testing.Conformance;

/// <summary>What a device does when it fails. For devices whose faults can be provoked; others leave it out with that reason, see <see cref="ConformanceCoverage.Omitted"/>.</summary>
public abstract class FaultConformance : ConformanceSuite
{
    /// <summary>Makes the next run of the device fail, and only that.</summary>
    protected abstract void FailNextRun(IDevice device);

    /// <summary>Makes the next opening of a session on the device fail, and only that.</summary>
    protected abstract void FailNextOpening(IDevice device);

    /// <summary>A failed run is a <see cref="DeviceFaultException"/> that names the device and may be tried again.</summary>
    [TestMethod]
    public async Task RunAsync_DeviceFails_ThrowsDeviceFault()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        using var lane = CreateLane(session, ConformanceModels.Add);
        await lane.BindInputsAsync(rows: 2, seed: 1).ConfigureAwait(false);
        FailNextRun(Device);
        var fault = await Assert.ThrowsExactlyAsync<DeviceFaultException>(async () => await lane.RunAsync().ConfigureAwait(false)).ConfigureAwait(false);
        Assert.AreEqual(Device.Info.Id, fault.DeviceId);
        Assert.IsTrue(fault.IsTransient);
    }

    /// <summary>A failed run has no outputs, not even those of the run before.</summary>
    [TestMethod]
    public async Task GetOutput_AfterAFault_Throws()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        using var lane = CreateLane(session, ConformanceModels.Add);
        await lane.RunAndCheckAsync(rows: 2, seed: 1).ConfigureAwait(false);
        FailNextRun(Device);
        await Assert.ThrowsExactlyAsync<DeviceFaultException>(async () => await lane.RunAsync().ConfigureAwait(false)).ConfigureAwait(false);
        Assert.ThrowsExactly<InvalidOperationException>(() => lane.Binding.GetOutput(0));
    }

    /// <summary>After a fault that passed, the same binding and its neighbours give right answers.</summary>
    [TestMethod]
    public async Task RunAsync_AfterAFault_IsRightAgain()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        using var lane = CreateLane(session, ConformanceModels.Add);
        using var neighbour = CreateLane(session, ConformanceModels.Add);
        await lane.BindInputsAsync(rows: 2, seed: 1).ConfigureAwait(false);
        FailNextRun(Device);
        await Assert.ThrowsExactlyAsync<DeviceFaultException>(async () => await lane.RunAsync().ConfigureAwait(false)).ConfigureAwait(false);
        await neighbour.RunAndCheckAsync(rows: 3, seed: 2).ConfigureAwait(false);
        await lane.RunAndCheckAsync(rows: 2, seed: 3).ConfigureAwait(false);
    }

    /// <summary>A device that fails still tells its state.</summary>
    [TestMethod]
    public async Task GetStatus_AfterAFault_DoesNotThrow()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        using var lane = CreateLane(session, ConformanceModels.Add);
        await lane.BindInputsAsync(rows: 2, seed: 1).ConfigureAwait(false);
        FailNextRun(Device);
        await Assert.ThrowsExactlyAsync<DeviceFaultException>(async () => await lane.RunAsync().ConfigureAwait(false)).ConfigureAwait(false);
        Assert.IsTrue(Device.GetStatus().LanesBusy is null or 0, "A run that failed is no longer in progress.");
    }

    /// <summary>A failed opening is a <see cref="DeviceFaultException"/>, and the next one succeeds.</summary>
    [TestMethod]
    public async Task OpenSessionAsync_DeviceFails_ThrowsDeviceFault()
    {
        using var descriptor = Describe(ConformanceModels.Add);
        FailNextOpening(Device);
        var fault = await Assert.ThrowsExactlyAsync<DeviceFaultException>(
            async () => await Device.OpenSessionAsync(descriptor, SessionOptions).ConfigureAwait(false)).ConfigureAwait(false);
        Assert.AreEqual(Device.Info.Id, fault.DeviceId);
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
    }
}
