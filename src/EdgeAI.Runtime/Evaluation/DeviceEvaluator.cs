using EdgeAI.Devices;
using EdgeAI.Requests;
using EdgeAI.Scheduling;

namespace EdgeAI.Evaluation;

/// <summary>Measures devices, one at a time, in turns with whatever else uses them.</summary>
/// <param name="devices">The devices of the engine; throws when it is shutting down.</param>
/// <param name="broker">Lends their cores.</param>
/// <param name="profiles">Receives the results.</param>
/// <param name="clock">Time.</param>
/// <param name="patience">How long disposing waits for a measurement to stop; a device that hangs longer is left behind.</param>
internal sealed class DeviceEvaluator(Func<CancellationToken, ValueTask<IReadOnlyList<IDevice>>> devices, IDeviceBroker broker, DeviceProfiles profiles, Clock clock, TimeSpan patience) : IDeviceEvaluator, IAsyncDisposable
{
    /// <summary>No measurement begins later than this: with what then still runs, a quick evaluation stays within 15 s.</summary>
    public static readonly TimeSpan QuickBudget = TimeSpan.FromSeconds(13);

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly CancellationTokenSource _closing = new();

    public async ValueTask<DeviceProfile> EvaluateAsync(string deviceId, DeviceEvaluationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(deviceId);
        options ??= new DeviceEvaluationOptions();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            await _one.WaitAsync(either.Token).ConfigureAwait(false);
            try
            {
                return await FindOrMeasureAsync(deviceId, options, either.Token).ConfigureAwait(false);
            }
            finally
            {
                _one.Release();
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Rejection.Create("the evaluation", RejectionReason.ShuttingDown);
        }
        catch (OperationCanceledException exception) when (exception.CancellationToken == either.Token)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
    }

    /// <summary>Stops a measurement in progress and waits for its sessions to be closed. The engine and the container both dispose it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        var stopped = _one.WaitAsync(CancellationToken.None);
        await stopped.WaitAsync(patience, clock.TimeProvider, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stopped.IsCompletedSuccessfully) _one.Release();
    }

    private async Task<DeviceProfile> FindOrMeasureAsync(string deviceId, DeviceEvaluationOptions options, CancellationToken cancellationToken)
    {
        var present = await devices(cancellationToken).ConfigureAwait(false);
        var device = present.FirstOrDefault(candidate => candidate.Info.Id == deviceId)
            ?? throw new NoCompatibleDeviceException("the evaluation", [new DeviceRefusal(deviceId, $"there is no such device; there are {(present.Count == 0 ? "none" : string.Join(", ", present.Select(candidate => candidate.Info.Id)))}")]);
        var known = options.Refresh ? null : profiles.Find(device.Info);
        if (known is not null && (known.SustainedRatio is not null || !options.Sustained)) return known;

        // A run may block its caller.
        var profile = await Task.Run(() => MeasureAsync(device, known, options, cancellationToken), cancellationToken).ConfigureAwait(false);
        profiles.Set(device.Info, profile);
        return profile;
    }

    private async Task<DeviceProfile> MeasureAsync(IDevice device, DeviceProfile? known, DeviceEvaluationOptions options, CancellationToken cancellationToken)
    {
        var turns = new DeviceTurns(broker, device.Info, clock);
        var profile = known ?? await MeasureQuicklyAsync(device, turns, options.Progress, cancellationToken).ConfigureAwait(false);
        if (!options.Sustained) return profile;
        options.Progress?.Report("sustained load");
        var (ratio, problem) = await SustainedLoad.RunAsync(device, profile.Threads, turns, clock, cancellationToken).ConfigureAwait(false);
        return profile with { SustainedRatio = ratio, Missing = problem is null ? profile.Missing : [.. profile.Missing, $"sustained load: {problem}"] };
    }

    private async Task<DeviceProfile> MeasureQuicklyAsync(IDevice device, DeviceTurns turns, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var started = clock.Now;

        // Waiting for others is not measuring.
        bool IsTimeUsed() => clock.Now - started - turns.Waited >= QuickBudget.Ticks;
        var runner = new ProbeRunner(device, turns, clock);
        var outcomes = new List<ProbeOutcome>();
        var missing = new List<string>();
        var transfer = await TransferProbe.RunAsync(device, turns, clock, cancellationToken).ConfigureAwait(false);
        if (transfer.Problem is { } noTransfer) missing.Add($"transfer: {noTransfer}");
        foreach (var probe in ProbeSuite.For(device.Info))
        {
            if (IsTimeUsed())
            {
                missing.Add($"{probe.Name}: {ProbeRunner.OutOfTime}");
                continue;
            }

            progress?.Report(probe.Name);
            var outcome = await runner.RunAsync(probe, IsTimeUsed, cancellationToken).ConfigureAwait(false);
            outcomes.Add(outcome);
            if (outcome.Problem is { } problem) missing.Add($"{probe.Name}: {problem}");
        }

        var threads = Math.Max(1, device.Info.Parallelism ?? 1);
        return ProfileBuilder.Build(outcomes, clock.TimeProvider.GetUtcNow(), device.Info.Versions, threads) with
        {
            TransferBandwidth = transfer.BytesPerSecond,
            TransferOverhead = transfer.Overhead,
            Missing = missing,
        };
    }
}
