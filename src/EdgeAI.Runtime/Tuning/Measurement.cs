using EdgeAI.Batching;
using EdgeAI.Devices;
using EdgeAI.Profiling;
using EdgeAI.Scheduling;
using EdgeAI.Sessions;

namespace EdgeAI.Tuning;

/// <summary>Does one step of a sweep: some lanes at once run batches of one size, back to back, on threads of their own.</summary>
internal sealed class Measurement(PlannedLanes lanes, ShapeSample sample, BatchLayout? layout, Clock clock, Func<bool> mustStop)
{
    /// <summary>Runs the step.</summary>
    /// <returns>The durations of the timed runs and how long all took; <see langword="null"/> where a request came in between.</returns>
    public async Task<(long[] RunTicks, long WallTicks)?> RunAsync(SweepStep step, CancellationToken cancellationToken)
    {
        using var start = new Barrier(step.BusyLanes);
        var workers = new Task<Timed?>[step.BusyLanes];
        for (var i = 0; i < workers.Length; i++)
        {
            var index = i;
            workers[i] = Task.Factory.StartNew(() => Run(index, step, start, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        var timed = await Task.WhenAll(workers).ConfigureAwait(false);
        if (timed.Any(lane => lane is null)) return null;
        return ([.. timed.SelectMany(lane => lane!.RunTicks)], timed.Max(lane => lane!.EndedAt) - timed.Min(lane => lane!.StartedAt));
    }

    private Timed? Run(int index, SweepStep step, Barrier start, CancellationToken cancellationToken)
    {
        var hasStarted = false;
        try
        {
            using var use = lanes.Use();
            return RunBound(index, step, start, ref hasStarted, cancellationToken);
        }
        finally
        {
            // The others must not wait for one that has failed.
            if (!hasStarted) start.RemoveParticipant();
        }
    }

    private Timed? RunBound(int index, SweepStep step, Barrier start, ref bool hasStarted, CancellationToken cancellationToken)
    {
        var inputs = Array.Empty<TensorValue>();
        ISessionBinding? binding = null;
        try
        {
            inputs = sample.Create(layout, step.Rows);
            lanes.PrepareThread(index);
            binding = lanes.CreateBinding(index);
            for (var i = 0; i < inputs.Length; i++) binding.SetInput(i, inputs[i]);
            for (var i = 0; i < step.WarmUps; i++) RunOnce(binding, cancellationToken);
            start.SignalAndWait(cancellationToken);
            hasStarted = true;
            return RunTimed(binding, step.Runs, cancellationToken);
        }
        finally
        {
            binding?.Dispose();
            foreach (var input in inputs) input.Dispose();
        }
    }

    private Timed? RunTimed(ISessionBinding binding, int runs, CancellationToken cancellationToken)
    {
        var ticks = new long[runs];
        var startedAt = clock.Now;
        for (var i = 0; i < runs; i++)
        {
            if (mustStop()) return null;
            var before = clock.Now;
            RunOnce(binding, cancellationToken);
            ticks[i] = clock.Now - before;
        }

        return new Timed(ticks, startedAt, clock.Now);
    }

    private void RunOnce(ISessionBinding binding, CancellationToken cancellationToken)
    {
        LaneThread.Wait(binding.RunAsync(cancellationToken));
        var outputs = lanes.TensorOutputs;
        for (var i = 0; i < outputs.Count; i++) binding.GetOutput(outputs[i]).Dispose();
    }

    private sealed record Timed(long[] RunTicks, long StartedAt, long EndedAt);
}
