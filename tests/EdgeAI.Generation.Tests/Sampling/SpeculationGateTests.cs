namespace EdgeAI.Generation;

[TestClass]
public sealed class SpeculationGateTests
{
    private const int MaxDraft = 7;

    /// <summary>Tokens a second beside plain decoding, with drafts whose tokens are right independently of each other.</summary>
    [TestMethod]
    [DataRow(0.95, 0.2)]
    [DataRow(0.8, 0.2)]
    [DataRow(0.8, 0.5)]
    [DataRow(0.5, 0.1)]
    [DataRow(0.5, 0.3)]
    public void Decide_DraftsPay_ComesNearTheBestFixedLength(double acceptance, double furtherRow)
    {
        var simulation = new Simulation(furtherRow, seed: 1);

        var gain = simulation.Run(5000, acceptance);

        Assert.IsGreaterThan(0.93 * BestGain(acceptance, furtherRow), gain);
    }

    [TestMethod]
    [DataRow(0.0, 0.2)]
    [DataRow(0.1, 0.2)]
    [DataRow(0.9, 1.0)]
    [DataRow(0.5, 0.6)]
    public void Decide_DraftsDoNotPay_CostsNearlyNothing(double acceptance, double furtherRow) =>
        Assert.IsGreaterThan(0.98, new Simulation(furtherRow, seed: 2).Run(5000, acceptance));

    [TestMethod]
    public void Decide_DraftsBecomeRight_IsFoundOutAndKept()
    {
        var simulation = new Simulation(0.2, seed: 3);
        simulation.Run(3000, 0);
        simulation.Run(600, 0.9);

        Assert.IsGreaterThan(0.93 * BestGain(0.9, 0.2), simulation.Run(500, 0.9));
    }

    [TestMethod]
    public void Decide_DraftsBecomeWrong_StopsSoon()
    {
        var simulation = new Simulation(0.2, seed: 4);
        simulation.Run(1000, 0.9);

        var steps = 0;
        for (var i = 0; i < 200; i++)
        {
            if (simulation.Step(0) > 0) steps++;
        }

        Assert.IsLessThan(40, steps);
    }

    /// <summary>Where it hardly matters, it does not turn on and off all the time.</summary>
    [TestMethod]
    public void Decide_AtBreakEven_ChangesRarely()
    {
        var simulation = new Simulation(0.35, seed: 5);
        var (changes, before) = (0, 0);
        for (var i = 0; i < 5000; i++)
        {
            var drafted = Math.Sign(simulation.Step(0.35));
            if (drafted != before) changes++;
            before = drafted;
        }

        Assert.IsLessThan(250, changes);
    }

    [TestMethod]
    public void Decide_NothingAvailable_VerifiesNothing()
    {
        var cost = new VerificationCost(8);
        var gate = new SpeculationGate(cost);

        Assert.AreEqual(0, gate.Decide(5), "there is nothing to compare with yet");
        cost.Observe(1, TimeSpan.FromMilliseconds(10));
        Assert.IsGreaterThan(0, gate.Decide(5));
        Assert.AreEqual(0, gate.Decide(0));
        Assert.AreEqual(0, gate.Decide(-1));
        Assert.AreEqual(1, gate.Decide(1), "an answer that has room for one more keeps to that");
    }

    [TestMethod]
    public void Observe_Drafts_AreCounted()
    {
        var gate = new SpeculationGate(new VerificationCost(8));
        gate.Observe(5, 2);
        gate.Observe(3, 3);

        Assert.AreEqual((8, 5), (gate.Drafted, gate.Accepted));
    }

    [TestMethod]
    public void Relative_SomeMeasured_InterpolatesAndSmooths()
    {
        var cost = new VerificationCost(8);
        Assert.AreEqual(1.2, cost.Relative(2), 1e-9);
        for (var i = 0; i < 100; i++)
        {
            cost.Observe(1, TimeSpan.FromMilliseconds(10));
            cost.Observe(4, TimeSpan.FromMilliseconds(16));
        }

        Assert.AreEqual(1.2, cost.Relative(2), 1e-9);
        Assert.AreEqual(1.6, cost.Relative(4), 1e-9);
        Assert.AreEqual(1.6 * 2.4 / 1.6, cost.Relative(8), 1e-9);

        cost.Observe(4, TimeSpan.FromSeconds(10));
        Assert.AreEqual(1.76, cost.Relative(4), 1e-9, "a step that something held up counts little");
    }

    [TestMethod]
    public void ExpectedTokens_ManyObserved_IsTheMeanOfWhatWasSeen()
    {
        var statistics = new AcceptanceStatistics(4);
        var random = new Random(6);
        for (var i = 0; i < 2000; i++) statistics.Observe(4, Enumerable.Range(0, 5).First(place => place == 4 || random.NextDouble() >= 0.8));

        Assert.AreEqual(1 + 0.8 + 0.64, statistics.ExpectedTokens(2), 0.25);
        Assert.AreEqual(1, statistics.ExpectedTokens(0));
    }

    private static double BestGain(double acceptance, double furtherRow) =>
        Enumerable.Range(0, MaxDraft + 1).Max(length => (1 - Math.Pow(acceptance, length + 1)) / (1 - acceptance) / (1 + (furtherRow * length)));

    private sealed class Simulation(double furtherRow, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly VerificationCost _cost = new(MaxDraft + 1);
        private SpeculationGate? _gate;
        private double _tokens, _time;

        public double Run(int steps, double acceptance)
        {
            (_tokens, _time) = (0, 0);
            for (var i = 0; i < steps; i++) Step(acceptance);
            return _tokens / _time;
        }

        /// <summary>One step, whose time is noisy.</summary>
        /// <returns>Tokens that were drafted.</returns>
        public int Step(double acceptance)
        {
            _gate ??= new SpeculationGate(_cost);
            var drafted = _gate.Decide(MaxDraft);
            var accepted = 0;
            while (accepted < drafted && _random.NextDouble() < acceptance) accepted++;
            var time = 1 + (furtherRow * drafted);
            _cost.Observe(1 + drafted, TimeSpan.FromSeconds(time * (0.95 + (0.1 * _random.NextDouble()))));
            if (drafted > 0) _gate.Observe(drafted, accepted);
            _tokens += 1 + accepted;
            _time += time;
            return drafted;
        }
    }
}
