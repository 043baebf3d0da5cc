using EdgeAI.Devices;
using static EdgeAI.OnnxRuntime.Tests.TestModels;

namespace EdgeAI.OnnxRuntime.Tests.Sessions;

[TestClass]
[DoNotParallelize]
public sealed class CancellationTests
{
    [TestMethod]
    public async Task RunAsync_TokenCancelledBefore_DoesNotRun()
    {
        await using var session = await OpenAsync(Double());
        using var binding = session.CreateBinding();

        // No input is bound: a run would fail otherwise.
        await Assert.ThrowsAsync<OperationCanceledException>(() => binding.RunAsync(new CancellationToken(canceled: true)).AsTask());
    }

    [TestMethod]
    [Timeout(60_000)]
    public async Task RunAsync_TokenCancelledDuringRun_StopsWithThatTokenAndRunsAgain()
    {
        const int Size = 256;
        // Seconds of work, so that stopping early can be told from finishing.
        await using var session = await OpenAsync(LongRunning(nodes: 4000, Size));
        using var binding = session.CreateBinding();
        using var x = TensorValue.Create(new float[Size * Size], Size, Size);
        using var y = TensorValue.Create(new float[Size * Size], Size, Size);
        binding.SetInput(0, x);
        binding.SetOutput(0, y);
        using var cancellation = new CancellationTokenSource();

        var run = Task.Run(() => binding.RunAsync(cancellation.Token).AsTask());
        SpinWait.SpinUntil(() => IsRunning(binding));
        await cancellation.CancelAsync();
        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => run);

        Assert.AreEqual(cancellation.Token, error.CancellationToken);
        Assert.ThrowsExactly<InvalidOperationException>(() => binding.GetOutput(0));
        await binding.RunAsync();
        Assert.AreSame(y, binding.GetOutput(0));
    }

    [TestMethod]
    [Timeout(120_000)]
    public async Task RunAsync_CancelledAtAnyMoment_NextRunIsNeverHit()
    {
        const int Size = 16, Runs = 3000;
        // Tens of microseconds, with a check for termination between any two of its nodes.
        await using var session = await OpenAsync(LongRunning(nodes: 100, Size));
        using var binding = session.CreateBinding();
        using var x = TensorValue.Create(new float[Size * Size], Size, Size);
        using var y = TensorValue.Create(new float[Size * Size], Size, Size);
        binding.SetInput(0, x);
        binding.SetOutput(0, y);
        CancellationTokenSource? pending = null;
        var isOver = false;
        var canceller = new Thread(() =>
        {
            var random = new Random(1);
            while (!Volatile.Read(ref isOver))
            {
                if (Interlocked.Exchange(ref pending, null) is not { } source) continue;
                Thread.SpinWait(random.Next(0, 200));
                source.Cancel();
            }
        });
        canceller.Start();

        var stopped = 0;
        for (var i = 0; i < Runs; i++)
        {
            var source = new CancellationTokenSource();
            Volatile.Write(ref pending, source);
            try
            {
                await binding.RunAsync(source.Token);
            }
            catch (OperationCanceledException e)
            {
                Assert.AreEqual(source.Token, e.CancellationToken);
                stopped++;
            }

            // A termination that came too late for its own run must be gone by now.
            await binding.RunAsync();
            Assert.AreSame(y, binding.GetOutput(0));
        }

        Volatile.Write(ref isOver, true);
        canceller.Join();
        Console.WriteLine($"{stopped} of {Runs} runs were stopped");
        Assert.IsGreaterThan(0, stopped, "no cancellation fell into a run: the test shows nothing");
    }

    [TestMethod]
    [Timeout(60_000)]
    public async Task OpenAsync_CancelledDuringLoad_NothingIsLeft()
    {
        using var descriptor = Describe(LongRunning(nodes: 3000, size: 8));
        foreach (var spins in (int[])[0, 10, 1000, 100_000, 1_000_000])
        {
            using var cancellation = new CancellationTokenSource();
            var open = Task.Run(async () => await OpenAsync(descriptor, cancellationToken: cancellation.Token));
            Thread.SpinWait(spins);
            await cancellation.CancelAsync();
            try
            {
                await using var session = await open;
            }
            catch (OperationCanceledException e)
            {
                Assert.AreEqual(cancellation.Token, e.CancellationToken);
            }
        }

        descriptor.Dispose();
        Assert.IsTrue(descriptor.IsFreed, "a cancelled load keeps the model");
    }

    [TestMethod]
    public async Task OpenAsync_CancelledBefore_Throws()
    {
        using var descriptor = Describe(Double());

        await Assert.ThrowsAsync<OperationCanceledException>(() => OpenAsync(descriptor, cancellationToken: new CancellationToken(canceled: true)).AsTask());
    }

    // A running binding refuses to be changed.
    private static bool IsRunning(ISessionBinding binding)
    {
        try
        {
            ((IOutputSelection)binding).SelectOutputs([0]);
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
