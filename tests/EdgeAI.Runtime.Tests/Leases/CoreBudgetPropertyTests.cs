using CsCheck;

namespace EdgeAI.Leases;

[TestClass]
public sealed class CoreBudgetPropertyTests
{
    private static readonly Gen<(int Kind, int Who, int Cores)[]> _events = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 5], Gen.Int[1, 5]).Array[0, 60];

    /// <summary>Any order of events is served as a plain list, walked from the front, would be.</summary>
    [TestMethod]
    public void Events_AnyOrder_AreServedFirstComeFirstServed() =>
        Gen.Select(Gen.Int[1, 6], _events).Sample((capacity, events) =>
        {
            var budget = new CoreBudget(capacity);
            var model = new Model(capacity);
            var waiters = Enumerable.Range(0, 6).Select(i => new TestWaiter($"{i}", w => model.Called.Add(int.Parse(w.ToString(), System.Globalization.CultureInfo.InvariantCulture)))).ToArray();
            foreach (var (kind, who, asked) in events)
            {
                if (kind == 0 && !model.Out.ContainsKey(who))
                {
                    if (budget.TryTake(asked, waiters[who]) != model.Take(who, Math.Min(asked, capacity))) return false;
                }
                else if (kind == 1 && model.Out.TryGetValue(who, out var held))
                {
                    model.Return(who);
                    budget.Return(held);
                }
                else if (kind == 2)
                {
                    model.Forfeit(who);
                    budget.Forfeit(waiters[who]);
                }

                if (budget.Free != model.Free || !model.Called.SequenceEqual(model.Expected)) return false;
            }

            return true;
        });

    [TestMethod]
    public void ManyThreads_TakeReturnAndForfeit_NeverExceedTheCapacityAndAllAreServed()
    {
        const int Capacity = 3;
        var budget = new CoreBudget(Capacity);
        var used = 0;
        var worst = 0;
        var failures = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, 8).Select(seed => new Thread(() =>
        {
            try
            {
                using var waiter = new TestWaiter($"thread {seed}");
                var random = new Random(seed);
                for (var i = 0; i < 1_000; i++)
                {
                    var cores = random.Next(1, Capacity + 1);
                    var isTaken = budget.TryTake(cores, waiter);
                    if (!isTaken && random.Next(4) == 0)
                    {
                        budget.Forfeit(waiter);
                        continue;
                    }

                    while (!isTaken)
                    {
                        waiter.WaitForCall();
                        isTaken = budget.TryTake(cores, waiter);
                    }

                    InterlockedMax(ref worst, Interlocked.Add(ref used, cores));
                    Interlocked.Add(ref used, -cores);
                    budget.Return(cores);
                }
            }
            catch (Exception exception)
            {
                failures.Enqueue(exception);
            }
        })).ToArray();

        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();

        Assert.IsTrue(failures.IsEmpty, string.Join(Environment.NewLine, failures));
        Assert.IsLessThanOrEqualTo(Capacity, worst);
        Assert.AreEqual(Capacity, budget.Free);
    }

    [TestMethod]
    public async Task ManyLeases_SomeCancelled_AllEndAndEverythingComesBack()
    {
        const int Capacity = 3;
        var budget = new CoreBudget(Capacity);
        var used = 0;
        var worst = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 3000; i++)
            {
                using var source = new CancellationTokenSource();
                var min = random.Next(1, Capacity + 1);
                var taking = budget.TakeAsync(Capacity, min, source.Token);
                if (random.Next(3) == 0) await source.CancelAsync();
                try
                {
                    using var lease = await taking;
                    Assert.IsGreaterThanOrEqualTo(min, lease.Cores);
                    InterlockedMax(ref worst, Interlocked.Add(ref used, lease.Cores));
                    await Task.Yield();
                    Interlocked.Add(ref used, -lease.Cores);
                }
                catch (OperationCanceledException)
                {
                    Assert.IsTrue(source.IsCancellationRequested);
                }
            }
        })));

        Assert.IsLessThanOrEqualTo(Capacity, worst);
        Assert.AreEqual(Capacity, budget.Free);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        var seen = Volatile.Read(ref target);
        while (value > seen)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }

    /// <summary>What the budget promises, written down without locks or fast paths.</summary>
    private sealed class Model(int capacity)
    {
        private readonly Dictionary<int, int> _arrivals = [];
        private int _next;

        public int Free { get; private set; } = capacity;

        public Dictionary<int, int> Out { get; } = [];

        public Dictionary<int, int> Reserved { get; } = [];

        public SortedList<int, (int Who, int Cores)> Queue { get; } = [];

        public List<int> Expected { get; } = [];

        public List<int> Called { get; } = [];

        public bool Take(int who, int cores)
        {
            if (Reserved.Remove(who, out var reserved)) Free += reserved;
            if (!_arrivals.TryGetValue(who, out var arrival)) _arrivals[who] = arrival = _next++;
            Queue[arrival] = (who, cores);
            var isTaken = cores <= reserved || (Queue.Keys[0] == arrival && cores <= Free);
            if (isTaken)
            {
                Leave(who);
                Free -= cores;
                Out[who] = cores;
            }

            Serve();
            return isTaken;
        }

        public void Return(int who)
        {
            if (Out.Remove(who, out var held)) Free += held;
            Serve();
        }

        public void Forfeit(int who)
        {
            if (Reserved.Remove(who, out var reserved)) Free += reserved;
            Leave(who);
            Serve();
        }

        private void Leave(int who)
        {
            if (_arrivals.Remove(who, out var arrival)) Queue.Remove(arrival);
        }

        private void Serve()
        {
            while (Queue.Count > 0 && Queue.Values[0].Cores <= Free)
            {
                var (who, cores) = Queue.Values[0];
                Queue.RemoveAt(0);
                Free -= cores;
                Reserved[who] = cores;
                Expected.Add(who);
            }
        }
    }
}
