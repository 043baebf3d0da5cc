using EdgeAI.Devices;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Testing.Tests.Devices;

[TestClass]
public sealed class SimulatedHardwareTests
{
    public static IEnumerable<object[]> Profiles =>
    [
        [nameof(SimulatedHardware.SmallGpu), (Action<SimulatedDeviceOptions>)SimulatedHardware.SmallGpu],
        [nameof(SimulatedHardware.ExternalGpu), (Action<SimulatedDeviceOptions>)SimulatedHardware.ExternalGpu],
        [nameof(SimulatedHardware.IntegratedGpu), (Action<SimulatedDeviceOptions>)SimulatedHardware.IntegratedGpu],
        [nameof(SimulatedHardware.SmallNpu), (Action<SimulatedDeviceOptions>)SimulatedHardware.SmallNpu],
    ];

    [TestMethod]
    [DynamicData(nameof(Profiles))]
    public void Profile_Device_SaysThatItsFiguresAreMadeUp(string name, Action<SimulatedDeviceOptions> configure)
    {
        using var device = Make(configure);
        Assert.Contains("made-up", device.Info.Name, name);
        Assert.IsNotEmpty(device.Info.Facts);
        foreach (var fact in device.Info.Facts) Assert.StartsWith("made up", fact.Source);
    }

    [TestMethod]
    public void Info_SmallGpu_TellsLinkAndMemoryAsAProbeWould()
    {
        using var device = Make(SimulatedHardware.SmallGpu);
        Assert.AreEqual(DeviceKind.Gpu, device.Info.Kind);
        Assert.IsFalse(device.Info.HasUnifiedMemory);
        Assert.AreEqual(new DeviceLink(4, 8, 4, 8), device.Info.Link);
        Assert.AreEqual(8L << 30, device.GetStatus().FreeMemoryBytes);
        Assert.AreEqual("250 GB/s", device.Info.Facts.Single(fact => fact.Name == "memory bandwidth").Value);
        Assert.IsFalse(device.GetStatus().IsThrottled);
    }

    [TestMethod]
    public void SmallGpu_LastingFullLoad_SettlesAboveItsLimit()
    {
        var options = new SimulatedDeviceOptions();
        SimulatedHardware.SmallGpu(options);
        Assert.IsGreaterThan(options.ThrottleCelsius!.Value, options.AmbientCelsius + (options.BusyPowerWatts!.Value / options.ThermalConductance!.Value));
    }

    [TestMethod]
    public void TrueProfile_SmallGpu_HoldsTheOptions()
    {
        using var device = Make(SimulatedHardware.SmallGpu);
        var profile = device.TrueProfile;
        Assert.AreEqual(250e9, profile.ReadBandwidth);
        Assert.AreEqual(12e9, profile.TransferBandwidth);
        Assert.AreEqual(TimeSpan.FromMicroseconds(60), profile.RunOverhead);
        Assert.HasCount(6, profile.Gemm);
    }

    [TestMethod]
    public void SmallNpu_OperatorItDoesNotKnow_IsDeclined()
    {
        using var device = Make(SimulatedHardware.SmallNpu);
        var model = ModelDescriptors.Create("m", Simulation.EchoModel.Signature, [new OperatorUse("", "LSTM", 1, 17)]);
        Assert.AreEqual("LSTM", device.Evaluate(model).UnknownOperator);
    }

    private static SimulatedDevice Make(Action<SimulatedDeviceOptions> configure)
    {
        var options = new SimulatedDeviceOptions();
        configure(options);
        return new SimulatedDevice("gpu:sim0", options, new FakeTimeProvider());
    }
}
