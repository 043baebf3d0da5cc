using EdgeAI.Providers.Cpu.Probing;
using EdgeAI.Providers.Cpu.Probing.Linux;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Providers.Cpu.Tests.Probing;

/// <summary>Temperature, power, clock and throttling from small trees.</summary>
[TestClass]
public sealed class SensorTests
{
    private const string Cpu0 = "sys/devices/system/cpu/cpu0";

    private readonly FakeTimeProvider _time = new();

    [TestMethod]
    public void ReadState_VirtualMachineWithoutSensors_IsUnknown()
    {
        using var tree = OneCore();
        var cpu = Open(tree);

        Assert.AreEqual(default, cpu.ReadState());
        Pass(1);
        Assert.AreEqual(default, cpu.ReadState());
        Assert.IsNull(cpu.Info.Facts.Single(fact => fact.Name == "temperature sensor").Value);
        Assert.IsNull(cpu.Info.Facts.Single(fact => fact.Name == "power limit").Value);
    }

    [TestMethod]
    public void ReadState_IntelMonitor_IsThePackagesNotTheHottestCores()
    {
        using var tree = OneCore()
            .With("sys/class/hwmon/hwmon0/name", "nvme\n").With("sys/class/hwmon/hwmon0/temp1_input", "99000\n")
            .With("sys/class/hwmon/hwmon3/name", "coretemp\n")
            .With("sys/class/hwmon/hwmon3/temp1_label", "Package id 0\n").With("sys/class/hwmon/hwmon3/temp1_input", "61000\n").With("sys/class/hwmon/hwmon3/temp1_max", "80000\n").With("sys/class/hwmon/hwmon3/temp1_crit", "100000\n")
            .With("sys/class/hwmon/hwmon3/temp2_label", "Core 0\n").With("sys/class/hwmon/hwmon3/temp2_input", "64000\n");

        var state = Open(tree).ReadState();

        Assert.AreEqual(61, state.TemperatureCelsius);
        Assert.AreEqual(100, state.TemperatureLimitCelsius);
    }

    [TestMethod]
    public void ReadState_AmdMonitor_IsTheDieNotTheShiftedControlValue()
    {
        using var tree = OneCore().With("sys/class/hwmon/hwmon1/name", "k10temp\n")
            .With("sys/class/hwmon/hwmon1/temp1_label", "Tctl\n").With("sys/class/hwmon/hwmon1/temp1_input", "75125\n")
            .With("sys/class/hwmon/hwmon1/temp2_label", "Tdie\n").With("sys/class/hwmon/hwmon1/temp2_input", "48125\n");

        Assert.AreEqual(48.125, Open(tree).ReadState().TemperatureCelsius);
    }

    [TestMethod]
    public void ReadState_TwoPackages_IsTheHotterOne()
    {
        using var tree = OneCore();
        foreach (var (monitor, celsius) in (ReadOnlySpan<(int, string)>)[(0, "50000"), (1, "70000")])
        {
            tree.With($"sys/class/hwmon/hwmon{monitor}/name", "coretemp").With($"sys/class/hwmon/hwmon{monitor}/temp1_label", $"Package id {monitor}").With($"sys/class/hwmon/hwmon{monitor}/temp1_input", celsius);
        }

        Assert.AreEqual(70, Open(tree).ReadState().TemperatureCelsius);
    }

    [TestMethod]
    public void ReadState_ThermalZoneOnly_IsTheCpusWithItsPassiveTrip()
    {
        using var tree = OneCore()
            .With("sys/class/thermal/thermal_zone0/type", "acpitz").With("sys/class/thermal/thermal_zone0/temp", "27800")
            .With("sys/class/thermal/thermal_zone1/type", "cpu-thermal").With("sys/class/thermal/thermal_zone1/temp", "55000")
            .With("sys/class/thermal/thermal_zone1/trip_point_0_type", "critical").With("sys/class/thermal/thermal_zone1/trip_point_0_temp", "110000")
            .With("sys/class/thermal/thermal_zone1/trip_point_1_type", "passive").With("sys/class/thermal/thermal_zone1/trip_point_1_temp", "85000");

        var state = Open(tree).ReadState();

        Assert.AreEqual(55, state.TemperatureCelsius);
        Assert.AreEqual(85, state.TemperatureLimitCelsius);
    }

    [TestMethod]
    public void ReadState_BrokenSensor_IsUnknown()
    {
        using var tree = OneCore().With("sys/class/hwmon/hwmon0/name", "coretemp").With("sys/class/hwmon/hwmon0/temp1_input", "-2147483648");

        Assert.IsNull(Open(tree).ReadState().TemperatureCelsius);
    }

    [TestMethod]
    public void ReadState_EnergyCounters_PowerIsTheirDifferenceOverTime()
    {
        using var tree = WithPower(OneCore(), 0, "1000000").With("sys/class/powercap/intel-rapl:0:0/name", "core").With("sys/class/powercap/intel-rapl:0:0/energy_uj", "5");
        WithPower(tree, 1, "262000000");
        var cpu = Open(tree);
        Assert.IsNull(cpu.ReadState().PowerWatts, "one look tells no difference");
        Assert.AreEqual(250, cpu.ReadState().PowerLimitWatts, "two packages of 125 W for long; the short-term limit does not count");

        tree.With("sys/class/powercap/intel-rapl:0/energy_uj", "31000000").With("sys/class/powercap/intel-rapl:1/energy_uj", "9856672");
        Pass(2);

        // 30 J and, over the counter's end at 262.143328 J, 10 J in 2 s.
        Assert.AreEqual(20, cpu.ReadState().PowerWatts!.Value, 1e-9);
    }

    [TestMethod]
    public void ReadState_EnergyThatMayNotBeRead_IsUnknownButTheLimitIsNot()
    {
        using var tree = WithPower(OneCore(), 0, "");
        var cpu = Open(tree);
        cpu.ReadState();
        Pass(1);

        var state = cpu.ReadState();

        Assert.IsNull(state.PowerWatts);
        Assert.AreEqual(125, state.PowerLimitWatts);
    }

    [TestMethod]
    public void ReadState_ThrottleCounterRises_IsThrottledForFiveSeconds()
    {
        using var tree = OneCore().With($"{Cpu0}/thermal_throttle/core_throttle_count", "7").With($"{Cpu0}/thermal_throttle/package_throttle_count", "3");
        var cpu = Open(tree);
        Assert.IsNull(cpu.ReadState().IsThrottled, "counts of the past say nothing about now");
        Pass(1);
        Assert.IsFalse(cpu.ReadState().IsThrottled);

        tree.With($"{Cpu0}/thermal_throttle/package_throttle_count", "4");
        Pass(1);
        Assert.IsTrue(cpu.ReadState().IsThrottled);
        Pass(4);
        Assert.IsTrue(cpu.ReadState().IsThrottled);
        Pass(1);
        Assert.IsFalse(cpu.ReadState().IsThrottled);
    }

    [TestMethod]
    [DataRow("1500000", 900, true, DisplayName = "busy and slow")]
    [DataRow("2050000", 900, false, DisplayName = "busy and fast")]
    [DataRow("400000", 20, null, DisplayName = "idle CPUs are slow by choice")]
    public void ReadState_ClockBelowBase_CountsOnlyUnderLoad(string kilohertz, int busyOfThousand, bool? expected)
    {
        using var tree = OneCore().With($"{Cpu0}/cpufreq/base_frequency", "2100000").With($"{Cpu0}/cpufreq/scaling_cur_freq", kilohertz).With("proc/stat", "cpu  9 9 9 9\ncpu0 100 0 0 1000 0 0 0 0 0 0\n");
        var cpu = Open(tree);
        cpu.ReadState();

        tree.With("proc/stat", $"cpu  9 9 9 9\ncpu0 {100 + busyOfThousand} 0 0 {2000 - busyOfThousand} 0 0 0 0 0 0\n");
        Pass(1);
        var state = cpu.ReadState();

        Assert.AreEqual(expected, state.IsThrottled);
        Assert.AreEqual(int.Parse(kilohertz, System.Globalization.CultureInfo.InvariantCulture) * 1000.0, state.ClockHertz);
    }

    [TestMethod]
    public void ReadState_NoFrequencyControl_ClockIsThatOfCpuInfo()
    {
        using var tree = OneCore().With("proc/cpuinfo", "processor : 0\ncpu MHz\t\t: 2245.780\n");

        Assert.AreEqual(2_245_780_000, Open(tree).ReadState().ClockHertz!.Value, 1);
    }

    [TestMethod]
    public void GetStatus_AskedOften_ReadsSensorsOnceASecond()
    {
        using var tree = OneCore().With("sys/class/hwmon/hwmon0/name", "coretemp").With("sys/class/hwmon/hwmon0/temp1_input", "50000");
        var device = new CpuDevice(Open(tree), new CpuOptions(), null, _time);
        Assert.AreEqual(50, device.GetStatus().TemperatureCelsius);

        tree.With("sys/class/hwmon/hwmon0/temp1_input", "60000");
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.AreEqual(50, device.GetStatus().TemperatureCelsius);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.AreEqual(60, device.GetStatus().TemperatureCelsius);
    }

    private static TemporaryFolder OneCore() => new TemporaryFolder().With("sys/devices/system/cpu/online", "0\n");

    private static TemporaryFolder WithPower(TemporaryFolder tree, int package, string energy) => tree
        .With($"sys/class/powercap/intel-rapl:{package}/name", $"package-{package}").With($"sys/class/powercap/intel-rapl:{package}/energy_uj", energy)
        .With($"sys/class/powercap/intel-rapl:{package}/max_energy_range_uj", "262143328")
        .With($"sys/class/powercap/intel-rapl:{package}/constraint_0_name", "long_term").With($"sys/class/powercap/intel-rapl:{package}/constraint_0_power_limit_uw", "125000000")
        .With($"sys/class/powercap/intel-rapl:{package}/constraint_1_name", "short_term").With($"sys/class/powercap/intel-rapl:{package}/constraint_1_power_limit_uw", "250000000");

    private CpuFacts Open(TemporaryFolder tree) => new(new SystemTree(tree.Path), _time);

    private void Pass(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
