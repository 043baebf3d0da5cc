using EdgeAI.Devices;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Testing.Tests.Devices;

[TestClass]
public sealed class PresenceTests
{
    private readonly FakeTimeProvider _time = new();

    [TestMethod]
    public async Task VanishAndAppear_ByHand_DiscoveryFollows()
    {
        var device = new SimulatedDevice("gpu:sim0", timeProvider: _time);
        var provider = new SimulatedDeviceProvider(device, new SimulatedDevice("gpu:sim1"));
        device.Vanish();
        var without = await provider.DiscoverAsync();
        Assert.AreEqual("gpu:sim1", without.Devices.Single().Info.Id);
        Assert.Contains("gpu:sim0", without.Unavailable.Single());
        Assert.AreEqual(DeviceHealth.Failed, device.GetStatus().Health);

        device.Appear();
        Assert.AreSame(device, (await provider.DiscoverAsync()).Devices[0]);
        Assert.AreEqual(DeviceHealth.Healthy, device.GetStatus().Health);
    }

    [TestMethod]
    public void VanishAt_Scripted_FollowsTheClock()
    {
        var device = new SimulatedDevice("gpu:sim0", timeProvider: _time);
        device.AppearAt(TimeSpan.FromSeconds(20));
        device.VanishAt(TimeSpan.FromSeconds(10));
        var seen = new List<bool>();
        foreach (var _ in Enumerable.Range(0, 5))
        {
            seen.Add(device.IsPresent);
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        CollectionAssert.AreEqual(new[] { true, true, false, false, true }, seen);
    }

    [TestMethod]
    public async Task OpenSessionAsync_WhileOut_IsADeviceFault()
    {
        var device = new SimulatedDevice("gpu:sim0", timeProvider: _time);
        device.Vanish();
        var fault = await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => Simulation.OpenAsync(device));
        Assert.Contains("pulled out", fault.Message);
    }

    [TestMethod]
    public async Task RunAsync_SessionFromBefore_FailsAlsoAfterTheReturn()
    {
        var device = new SimulatedDevice("gpu:sim0", timeProvider: _time);
        await using var session = await Simulation.OpenAsync(device);
        using var binding = Simulation.Bind(session, rows: 1);
        device.Vanish();
        await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => binding.RunAsync().AsTask());
        device.Appear();
        await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => binding.RunAsync().AsTask());

        await using var again = await Simulation.OpenAsync(device);
        using var fresh = Simulation.Bind(again, rows: 1);
        await fresh.RunAsync();
        Assert.IsFalse(device.IsLost, "What was pulled out is not lost.");
    }

    [TestMethod]
    public async Task RunAsync_PulledOutInFlight_FailsWhenItsTimeIsUp()
    {
        var device = new SimulatedDevice("gpu:sim0", new() { Latency = LatencyCurve.Constant(TimeSpan.FromSeconds(10)) }, _time);
        device.VanishAt(TimeSpan.FromSeconds(3));
        device.AppearAt(TimeSpan.FromSeconds(4));
        await using var session = await Simulation.OpenAsync(device);
        using var binding = Simulation.Bind(session, rows: 1);
        var run = binding.RunAsync().AsTask();
        await device.WhenAsync(s => s.Waiting == 1);
        _time.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => run);
        Assert.AreEqual(1, device.Statistics.RunsFailed);
    }

    [TestMethod]
    public async Task OpenSessionAsync_PulledOutInBetween_Fails()
    {
        var device = new SimulatedDevice("gpu:sim0", new() { OpeningLatency = TimeSpan.FromSeconds(10) }, _time);
        device.VanishAt(TimeSpan.FromSeconds(3));
        var opening = Simulation.OpenAsync(device);
        await device.WhenAsync(s => s.Waiting == 1);
        _time.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => opening);
    }

    [TestMethod]
    public void VanishAt_BeforeTheStart_Throws() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SimulatedDevice("gpu:sim0").VanishAt(TimeSpan.FromTicks(-1)));
}
