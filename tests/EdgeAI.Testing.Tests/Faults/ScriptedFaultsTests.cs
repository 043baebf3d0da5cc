using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Testing.Tests.Faults;

/// <summary>Faults by time and by chance, and slowness.</summary>
[TestClass]
public sealed class ScriptedFaultsTests
{
    private readonly FakeTimeProvider _time = new();

    [TestMethod]
    public async Task Between_RunsThatBeginInTheSpan_Fail()
    {
        using var device = Make();
        device.Faults.Between(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4), SimulatedFault.DeviceFault);
        CollectionAssert.AreEqual(new[] { 2, 3 }, await RunEachSecondAsync(device, 6));
    }

    [TestMethod]
    public async Task Between_NumberedRun_WinsOverTheSpan()
    {
        using var device = Make();
        device.Faults.Between(TimeSpan.Zero, TimeSpan.MaxValue, SimulatedFault.DeviceFault);
        device.Faults.OnRun(2, SimulatedFault.None);
        CollectionAssert.AreEqual(new[] { 0, 2 }, await RunEachSecondAsync(device, 3));
    }

    [TestMethod]
    public async Task Between_LostFromATimeOn_StaysLost()
    {
        using var device = Make();
        device.Faults.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), SimulatedFault.Lost);
        CollectionAssert.AreEqual(new[] { 1, 2, 3 }, await RunEachSecondAsync(device, 4));
        Assert.IsTrue(device.IsLost);
    }

    [TestMethod]
    public async Task AtRandom_Probability_IsMetAndRepeatable()
    {
        const int Runs = 4000;
        using var device = Make(seed: 11);
        device.Faults.AtRandom(0.1, SimulatedFault.DeviceFault);
        var failed = await RunEachSecondAsync(device, Runs);

        // Six standard deviations of a binomial: 6 sqrt(4000 * 0.1 * 0.9) = 114.
        Assert.IsTrue(failed.Length is > 400 - 114 and < 400 + 114, $"{failed.Length} of {Runs} failed.");

        using var again = Make(seed: 11);
        again.Faults.AtRandom(0.1, SimulatedFault.DeviceFault);
        CollectionAssert.AreEqual(failed, await RunEachSecondAsync(again, Runs));
        using var other = Make(seed: 12);
        other.Faults.AtRandom(0.1, SimulatedFault.DeviceFault);
        CollectionAssert.AreNotEqual(failed, await RunEachSecondAsync(other, Runs));
    }

    [TestMethod]
    public async Task AtRandom_TwoRules_AreDrawnApart()
    {
        using var device = Make();
        device.Faults.AtRandom(0.5, SimulatedFault.Slow);
        device.Faults.AtRandom(0.5, SimulatedFault.DeviceFault);
        var failed = await RunEachSecondAsync(device, 400);

        // Only what the first rule spares can fail: a quarter. If both drew the same number none would.
        Assert.IsTrue(failed.Length is > 50 and < 150, $"{failed.Length} of 400 failed.");
    }

    [TestMethod]
    public async Task Slow_Run_TakesTheFactorAsLong()
    {
        using var device = Make(latency: TimeSpan.FromSeconds(1));
        device.Faults.SlowFactor = 7;
        device.Faults.OnRun(2, SimulatedFault.Slow);
        await using var session = await Simulation.OpenAsync(device);
        using var binding = Simulation.Bind(session, rows: 1);
        for (var i = 0; i < 3; i++)
        {
            var run = binding.RunAsync().AsTask();
            await device.WhenAsync(s => s.Waiting == 1);
            _time.Advance(TimeSpan.FromSeconds(7));
            await run;
        }

        CollectionAssert.AreEqual(new[] { 1.0, 7, 1 }, device.Runs.Select(run => run.Latency.TotalSeconds).ToArray());
    }

    [TestMethod]
    public async Task Clear_EveryRule_IsForgotten()
    {
        using var device = Make();
        device.Faults.Between(TimeSpan.Zero, TimeSpan.MaxValue, SimulatedFault.DeviceFault);
        device.Faults.AtRandom(1, SimulatedFault.DeviceFault);
        device.Faults.Clear();
        CollectionAssert.AreEqual(Array.Empty<int>(), await RunEachSecondAsync(device, 3));
    }

    [TestMethod]
    public void Rules_OutOfRange_Throw()
    {
        using var device = Make();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => device.Faults.AtRandom(1.01, SimulatedFault.Slow));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => device.Faults.AtRandom(double.NaN, SimulatedFault.Slow));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => device.Faults.SlowFactor = 0.5);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => device.Faults.Between(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), SimulatedFault.Slow));
        Assert.ThrowsExactly<ArgumentException>(() => device.Faults.OnOpening(1, SimulatedFault.Slow));
    }

    private SimulatedDevice Make(int seed = 1, TimeSpan latency = default) => new("gpu:sim0", new() { Seed = seed, Latency = LatencyCurve.Constant(latency) }, _time);

    /// <summary>The runs that failed, counted from 0; run i begins i seconds after the first.</summary>
    private async Task<int[]> RunEachSecondAsync(SimulatedDevice device, int count)
    {
        await using var session = await Simulation.OpenAsync(device);
        using var binding = Simulation.Bind(session, rows: 1);
        var failed = new List<int>();
        for (var i = 0; i < count; i++)
        {
            try
            {
                await binding.RunAsync();
            }
            catch (DeviceFaultException)
            {
                failed.Add(i);
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        return [.. failed];
    }
}
