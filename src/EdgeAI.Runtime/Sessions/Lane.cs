using System.Diagnostics.CodeAnalysis;
using EdgeAI.Devices;
using EdgeAI.Requests;
using EdgeAI.Scheduling;

namespace EdgeAI.Sessions;

/// <summary>
/// An execution slot: a thread and a session binding. Takes the batches that the scheduler gives it, runs them and completes
/// the callers. Nothing that a device throws leaves the thread.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The lane's thread disposes what it owns when it ends.")]
internal sealed class Lane : LaneSlot
{
    // Looking this often, about 20 us, covers the gap between two requests of one busy caller; longer gaps must not burn a core, and where there are
    // more callers the core is theirs: with 16 of them on two cores a seventh of all time was spent looking.
    // It never yields: on a loaded machine a yielded core comes back after a whole time slice, while a blocked thread is woken at once.
    private static readonly int _looksBeforeBlocking = Environment.ProcessorCount > 1 ? 200 : 0;

    // Blocking ends on whole milliseconds at best; the rest of a wait is spent yielding to those whose requests are waited for.
    private static readonly long _longestYielding = TimeSpan.FromMilliseconds(2).Ticks;

    private readonly BatchExecution _execution;
    private readonly SchedulerDriver _driver;
    private readonly Clock _clock;
    private readonly ManualResetEventSlim _signal = new(false, spinCount: 0);
    private readonly RunCancellation _cancellation = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<InferenceWork> _works = [];
    private IThreadPreparation? _preparation;
    private long _startedAt;
    private volatile bool _isStopping;

    public Lane(LaneGroup group, BatchExecution execution, SchedulerDriver driver, Clock clock)
        : base(group)
    {
        _execution = execution;
        _driver = driver;
        _clock = clock;
    }

    /// <summary>Completes when the thread has left its loop and the binding is disposed.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>Starts the thread.</summary>
    /// <param name="index">What it is called.</param>
    /// <param name="preparation">What readies it; <see langword="null"/> for a device that needs nothing of the kind.</param>
    public void Start(int index, IThreadPreparation? preparation)
    {
        _preparation = preparation;
        new Thread(Loop) { IsBackground = true, Name = $"EdgeAI lane {index} on {Group.DeviceId}" }.UnsafeStart();
    }

    /// <inheritdoc/>
    public override void Wake() => _signal.Set();

    /// <summary>Leaves the loop after the current work.</summary>
    public override void Retire()
    {
        _isStopping = true;
        Wake();
    }

    /// <inheritdoc/>
    public override void Interrupt(long startedAt)
    {
        // The decision may arrive when the run has ended: the next one must not pay for it.
        lock (_works)
        {
            if (_startedAt == startedAt) _cancellation.Interrupt();
        }
    }

    /// <summary>Asks the device to give up the current run, and every later one.</summary>
    public void Abort() => _cancellation.Abort();

    /// <summary>Completes the callers of a lane that was given up. Their tensors stay: native code may still use them.</summary>
    public void Abandon(Exception reason)
    {
        lock (_works)
        {
            foreach (var work in _works) work.Abandon(reason);
        }
    }

    private void Loop()
    {
        _preparation?.PrepareThread();
        while (WaitForWork())
        {
            lock (_works)
            {
                for (var i = 0; i < Batch.Count; i++) _works.Add((InferenceWork)Batch[i]);
                _startedAt = Batch.StartedAt;
                _cancellation.Restart();
            }

            var outcome = _execution.Run(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_works), Batch, _cancellation);
            var isKept = _driver.Finish(this, outcome);
            lock (_works)
            {
                foreach (var work in _works) work.Recycle();
                _works.Clear();
            }

            if (!isKept) break;
        }

        _execution.Dispose();
        _cancellation.Dispose();
        _stopped.TrySetResult();
    }

    private bool WaitForWork()
    {
        for (var looks = 0; ; looks++)
        {
            if (IsWorking) return true;
            if (_isStopping) return false;
            if (WaitEnd is > 0 and var end)
            {
                Time(end);
                looks = 0;
            }
            else if (_driver.AreCoresOffered)
            {
                _driver.Advance();
            }
            else if (looks < _looksBeforeBlocking && HasOneCaller)
            {
                Thread.SpinWait(2);
            }
            else
            {
                _signal.Wait();
                _signal.Reset();
            }
        }
    }

    /// <summary>Passes some of a wait for more requests, and has the scheduler look when it is over.</summary>
    private void Time(long end)
    {
        var left = end - _clock.Now;
        if (left <= 0)
        {
            _driver.Advance();
        }
        else if (left > _longestYielding)
        {
            _signal.Wait(TimeSpan.FromTicks(left - (_longestYielding / 2)));
            _signal.Reset();
        }
        else
        {
            Thread.Yield();
        }
    }
}
