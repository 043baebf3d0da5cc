using EdgeAI.Batching;
using EdgeAI.Leases;
using EdgeAI.Profiling;

namespace EdgeAI.Scheduling;

/// <summary>Two or three groups in virtual time; each run is answered as a test says.</summary>
[TestClass]
public sealed class GroupContestTests
{
    private static readonly long _ms = TimeSpan.TicksPerMillisecond;
    private static readonly long _second = TimeSpan.TicksPerSecond;

    private readonly GroupContest _contest = new();
    private readonly ShapeGroup _shape = new(layout: null);
    private readonly LaneGroup _planned = Group();
    private readonly LaneGroup _other = Group();
    private readonly List<LaneGroup> _groups;
    private readonly Dictionary<LaneGroup, long> _served = [];
    private long _now = TimeSpan.TicksPerSecond;

    public GroupContestTests() => _groups = [_planned, _other];

    [TestMethod]
    public void Choose_OneGroup_IsTheOne()
    {
        _groups.Remove(_other);

        Serve(_second, group => 1 * _ms);

        Assert.AreEqual(_second, _served[_planned], 2 * _ms);
    }

    [TestMethod]
    public void Choose_ChallengerIsBetter_WinsWithinASecondAndStays()
    {
        Serve(_second, group => group == _other ? 8 * _ms / 10 : 1 * _ms);
        Assert.AreSame(_other, Chosen());
        _served.Clear();

        Serve(60 * _second, group => group == _other ? 8 * _ms / 10 : 1 * _ms);

        Assert.IsGreaterThan(0.99 * 60 * _second, _served[_other], "it is challenged in its turn, seldom and in vain");
    }

    [TestMethod]
    public void Choose_ChallengerIsFarWorse_IsTriedForOneWindowAfterTenTwentyFortySeconds()
    {
        var trials = new List<double>();
        var last = _planned;
        Serve(80 * _second, group => group == _other ? 4 * _ms : 1 * _ms, group =>
        {
            if (group == _other && last == _planned) trials.Add((double)_now / _second);
            last = group;
        });

        // The first window of the incumbent's comes first each time: 4 ms of the other for each of its 32 requests.
        Assert.HasCount(4, trials);
        for (var i = 1; i < trials.Count; i++) Assert.AreEqual(5 * (1 << i), trials[i] - trials[i - 1], 0.5, $"trial {i}");
        Assert.IsLessThan(4 * 200 * _ms, _served[_other]);
    }

    [TestMethod]
    public void Choose_Equal_KeepsTheIncumbent()
    {
        Serve(5 * _second, _ => 1 * _ms);

        Assert.AreSame(_planned, Chosen());
        Assert.IsTrue(_served.ContainsKey(_other), "it was tried");
    }

    [TestMethod]
    public void Choose_CurveCannotReachWhatIsServed_IsNeverTried()
    {
        // Its lanes alone would serve 500 a second; 1000 are served.
        var curve = LatencyCurve.Create([new CurvePoint(1, 2 * _ms, 2 * _ms, 10)]);
        _shape.CostsOn(_other).Replace(curve, curve);

        Serve(100 * _second, _ => 1 * _ms);

        Assert.IsFalse(_served.ContainsKey(_other));
    }

    [TestMethod]
    public void Choose_ChallengerTooSlowToFillAWindow_IsGivenUp()
    {
        // Three runs a second: 32 requests would take ten seconds.
        Serve(9 * _second, group => group == _other ? _second / 3 : 1 * _ms);

        Assert.AreSame(_planned, Chosen());
        Assert.IsLessThan(3.2 * _second, _served[_other]);
    }

    [TestMethod]
    public void Choose_ChallengerFailsFast_DoesNotWin()
    {
        Serve(9 * _second, group => group == _other ? _ms / 10 : 1 * _ms, isAnswered: group => group != _other);

        Assert.AreSame(_planned, Chosen());
        Assert.IsLessThan(_second / 10, _served[_other]);
    }

    [TestMethod]
    public void Choose_OpenLoopBelowCapacity_DecidesByTime()
    {
        // A hundred requests a second come, whoever serves; the other one answers each in half the time.
        var random = new Random(5);

        Serve(30 * _second, _ => Arrival(random), spent: group => (group == _other ? 2 : 4) * _ms);

        Assert.AreSame(_other, Chosen());
    }

    // Nobody may be put in the place of a better one by the noise of random arrivals.
    [TestMethod]
    public void Choose_OpenLoopAndAWorseChallenger_AlmostNeverChanges()
    {
        var changes = 0;
        const int Runs = 300;
        for (var seed = 0; seed < Runs; seed++)
        {
            var world = new GroupContestTests();
            var random = new Random(seed);
            world.Serve(9 * _second, _ => Arrival(random), spent: group => (long)((group == world._other ? 6 : 4) * _ms * (0.5 + random.NextDouble())));
            if (world.Chosen() == world._other && world._served[world._other] > 5 * _second) changes++;
        }

        Console.WriteLine($"won {changes} of {Runs}");
        Assert.IsLessThanOrEqualTo(3, changes);
    }

    [TestMethod]
    public void Choose_LoadOfAnotherLevel_HasItsOwnIncumbent()
    {
        // Many are served better by the other group, few by the planned one.
        Serve(2 * _second, group => group == _other ? 1 * _ms : 2 * _ms, load: 16);
        Assert.AreSame(_other, Chosen(16));

        Serve(2 * _second, group => group == _other ? 2 * _ms : 1 * _ms, load: 1);
        Assert.AreSame(_planned, Chosen(1));

        _now += _second;
        Assert.AreSame(_other, Chosen(16), "what was learned of a load is kept");
    }

    [TestMethod]
    public void Choose_LoadHoversAtABorder_StaysInItsLevel()
    {
        Serve(2 * _second, group => group == _other ? 1 * _ms : 2 * _ms, load: 8);
        Assert.AreSame(_other, Chosen(8));

        // Levels begin at 1, 4, 16; a third less is still within the level.
        for (var i = 0; i < 100; i++)
        {
            _now += _second;
            Assert.AreSame(_other, Chosen(i % 2 == 0 ? 2.7 : 4.2));
        }

        _now += _second;
        Assert.AreSame(_planned, Chosen(2.5));
    }

    [TestMethod]
    public void Choose_ChallengerLeaves_ReturnsToTheIncumbent()
    {
        while (Chosen() != _other) ServeOne(group => 1 * _ms);

        _groups.Remove(_other);
        _groups.Add(Group());

        Assert.AreSame(_planned, Chosen());
    }

    [TestMethod]
    public void Choose_IncumbentLeaves_BeginsWithThePlanned()
    {
        Serve(_second, group => group == _other ? 8 * _ms / 10 : 1 * _ms);
        Assert.AreSame(_other, Chosen());

        _groups.Remove(_other);
        _groups.Add(Group());

        Assert.AreSame(_planned, Chosen());
    }

    [TestMethod]
    public void Clear_NewCurves_BeginsWithThePlanned()
    {
        Serve(_second, group => group == _other ? 8 * _ms / 10 : 1 * _ms);
        Assert.AreSame(_other, Chosen());

        _contest.Clear();

        Assert.AreSame(_planned, Chosen());
        Serve(_second, group => group == _other ? 8 * _ms / 10 : 1 * _ms);
        Assert.AreSame(_other, Chosen(), "and tries again at once");
    }

    private static LaneGroup Group() => new("cpu:0", acceptsUnpinned: true, coresPerLane: 1, new CoreBudget(null), maxRows: 1);

    /// <summary>Time to the next of a hundred random arrivals a second.</summary>
    private static long Arrival(Random random) => Math.Max(1, (long)(-Math.Log(1 - random.NextDouble()) * _second / 100));

    private LaneGroup Chosen(double load = 1) => _contest.Choose(_groups, _planned, load, _now);

    /// <summary>Runs of one request, one after the other, for a while.</summary>
    private void Serve(long ticks, Func<LaneGroup, long> run, Action<LaneGroup>? seen = null, Func<LaneGroup, long>? spent = null, Func<LaneGroup, bool>? isAnswered = null, double load = 1)
    {
        for (var until = _now + ticks; _now < until;)
        {
            var group = ServeOne(run, spent, isAnswered, load);
            seen?.Invoke(group);
        }
    }

    private LaneGroup ServeOne(Func<LaneGroup, long> run, Func<LaneGroup, long>? spent = null, Func<LaneGroup, bool>? isAnswered = null, double load = 1)
    {
        var group = Chosen(load);
        var ticks = run(group);
        _now += ticks;
        _served[group] = _served.GetValueOrDefault(group) + ticks;
        var batch = new Batch();
        batch.Add(new FakeItem("r") { Shape = _shape, Rows = 1, EnqueuedAt = _now - (spent?.Invoke(group) ?? ticks) });
        _contest.Finished(_groups, group, batch, isAnswered?.Invoke(group) ?? true, _now);
        return group;
    }
}
