namespace EdgeAI.Testing.Tests.Physics;

[TestClass]
public sealed class PhysicalStateTests
{
    private const double Ambient = 20;
    private const double Capacity = 200;         // J/K
    private const double Conductance = 2;        // W/K: a time constant of 100 s
    private const double Idle = 10;              // W: settles at 25 degrees
    private const double Busy = 170;             // W: would settle at 105 degrees

    private static readonly PowerDraw _power = new(Idle, Busy, Limit: null);

    [TestMethod]
    public void Temperature_AtRest_IsWhereIdlePowerSettles() => Assert.AreEqual(25, Make(limit: null).Temperature!.Value, 1e-12);

    [TestMethod]
    [DataRow(1)]
    [DataRow(100)]
    [DataRow(1000)]
    public void Temperature_UnderConstantPower_FollowsTheAnalyticSolution(double seconds)
    {
        var state = Make(limit: null);
        state.SetUtilisation(TimeSpan.Zero, 1);
        state.Advance(TimeSpan.FromSeconds(seconds));

        // C dT/dt = P - G (T - Ta) from T0 = 25: T = 105 - 80 exp(-t / 100 s).
        Assert.AreEqual(105 - (80 * Math.Exp(-seconds / 100)), state.Temperature!.Value, 1e-9);
    }

    [TestMethod]
    public void Temperature_AfterTheLoad_FallsBackToRest()
    {
        var state = Make(limit: null);
        state.SetUtilisation(TimeSpan.Zero, 1);
        state.SetUtilisation(TimeSpan.FromSeconds(10_000), 0);
        Assert.AreEqual(105, state.Temperature!.Value, 1e-9);
        state.Advance(TimeSpan.FromSeconds(10_100));
        Assert.AreEqual(25 + (80 / Math.E), state.Temperature!.Value, 1e-9);
    }

    [TestMethod]
    public void Throttling_SetsInAtTheLimitAndEndsAtRecovery()
    {
        var state = Make(limit: 85, recovery: 75, throttledSpeed: 0.25);
        state.SetUtilisation(TimeSpan.Zero, 1);

        // 105 - 80 exp(-t/100) = 85 at t = 100 ln 4.
        var begins = 100 * Math.Log(4);
        state.Advance(TimeSpan.FromSeconds(begins - 0.001));
        Assert.IsFalse(state.IsThrottled);
        Assert.AreEqual(1, state.SpeedAt(1));
        state.Advance(TimeSpan.FromSeconds(begins + 0.001));
        Assert.IsTrue(state.IsThrottled);
        Assert.AreEqual(0.25, state.SpeedAt(1));

        // Throttled it draws 10 + 160/4 = 50 W and would settle at 45: 45 + 40 exp(-t/100) = 75 at t = 100 ln (4/3).
        var ends = begins + (100 * Math.Log(4.0 / 3));
        state.Advance(TimeSpan.FromSeconds(ends - 0.001));
        Assert.IsTrue(state.IsThrottled, "It must stay throttled below the limit, down to recovery.");
        Assert.IsLessThan(85, state.Temperature!.Value);
        state.Advance(TimeSpan.FromSeconds(ends + 0.001));
        Assert.IsFalse(state.IsThrottled);
    }

    [TestMethod]
    public void Advance_OneLongStep_IsTheSameAsManyShortOnes()
    {
        var once = Make(limit: 85, recovery: 75);
        var often = Make(limit: 85, recovery: 75);
        once.SetUtilisation(TimeSpan.Zero, 1);
        often.SetUtilisation(TimeSpan.Zero, 1);
        for (var second = 1; second <= 5000; second++) often.Advance(TimeSpan.FromSeconds(second));
        once.Advance(TimeSpan.FromSeconds(5000));

        Assert.AreEqual(once.Temperature!.Value, often.Temperature!.Value, 1e-6);
        Assert.AreEqual(once.Joules!.Value, often.Joules!.Value, 1e-3);
        Assert.AreEqual(once.IsThrottled, often.IsThrottled);
    }

    [TestMethod]
    public void Advance_ChangingLoad_AgreesWithStepwiseIntegration()
    {
        var state = Make(limit: 70, recovery: 60, throttledSpeed: 0.4);
        var random = new Random(5);
        var (temperature, joules, isHot) = (25.0, 0.0, false);
        const double Step = 0.001;
        var now = 0.0;
        for (var phase = 0; phase < 20; phase++)
        {
            var utilisation = random.NextDouble();
            var seconds = random.Next(5, 60);
            state.SetUtilisation(TimeSpan.FromSeconds(now), utilisation);
            now += seconds;
            for (var i = 0; i < seconds / Step; i++)
            {
                var power = Idle + ((Busy - Idle) * utilisation * (isHot ? 0.4 : 1));
                temperature += Step * (power - (Conductance * (temperature - Ambient))) / Capacity;
                joules += Step * power;
                isHot = isHot ? temperature > 60 : temperature >= 70;
            }

            state.Advance(TimeSpan.FromSeconds(now));
            Assert.AreEqual(temperature, state.Temperature!.Value, 0.05, $"phase {phase}");
        }

        Assert.AreEqual(joules, state.Joules!.Value, joules * 1e-3);
    }

    [TestMethod]
    public void Power_HalfBusy_IsHalfWay()
    {
        var state = Make(limit: null);
        Assert.AreEqual(10, state.Power!.Value, 1e-12);
        state.SetUtilisation(TimeSpan.Zero, 0.5);
        Assert.AreEqual(90, state.Power!.Value, 1e-12);
    }

    [TestMethod]
    public void Power_OverTheLimit_IsKeptBySlowingDown()
    {
        var state = new PhysicalState(new PowerDraw(Idle, Busy, Limit: 50), heat: null, Ambient);
        state.SetUtilisation(TimeSpan.Zero, 1);
        Assert.AreEqual(50, state.Power!.Value, 1e-12);
        Assert.AreEqual(0.25, state.SpeedAt(1), 1e-12);
        Assert.IsTrue(state.IsThrottled);

        state.SetUtilisation(TimeSpan.Zero, 0.2);
        Assert.AreEqual(42, state.Power!.Value, 1e-12);
        Assert.IsFalse(state.IsThrottled);
    }

    [TestMethod]
    public void Joules_WithoutHeat_AreTheIntegralOfPower()
    {
        var state = new PhysicalState(_power, heat: null, Ambient);
        state.SetUtilisation(TimeSpan.FromSeconds(10), 1);
        state.SetUtilisation(TimeSpan.FromSeconds(13), 0);
        state.Advance(TimeSpan.FromSeconds(20));
        Assert.AreEqual((10 * 10) + (3 * 170) + (7 * 10), state.Joules!.Value, 1e-9);
        Assert.IsNull(state.Temperature);
        Assert.IsNull(state.IsThrottled);
    }

    [TestMethod]
    public void Ambient_Raised_RaisesWhereItSettles()
    {
        var state = Make(limit: null);
        state.Ambient = 40;
        Assert.AreEqual(25, state.Temperature!.Value, 1e-12, "It takes time to warm up.");
        state.Advance(TimeSpan.FromHours(1));
        Assert.AreEqual(45, state.Temperature!.Value, 1e-9);
    }

    private static PhysicalState Make(double? limit, double recovery = 0, double throttledSpeed = 0.5) =>
        new(_power, new HeatFlow(Capacity, Conductance, limit, recovery, throttledSpeed), Ambient);
}
