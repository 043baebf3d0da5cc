using System.Collections.Immutable;
using EdgeAI.Devices;
using EdgeAI.Onnx;
using EdgeAI.Scheduling;

namespace EdgeAI.Evaluation;

/// <summary>Runs probes on a device as any model is run. Nothing that a device refuses or fails at ends the evaluation.</summary>
/// <param name="device">The device.</param>
/// <param name="turns">Its cores.</param>
/// <param name="clock">Time.</param>
internal sealed class ProbeRunner(IDevice device, DeviceTurns turns, Clock clock)
{
    public const string OutOfTime = "the time was used up";

    /// <summary>Opens a probe and times its points, until told that the time is used up.</summary>
    public async Task<ProbeOutcome> RunAsync(Probe probe, Func<bool> mustStop, CancellationToken cancellationToken)
    {
        var figures = ImmutableArray.CreateBuilder<ProbeFigure>();
        try
        {
            using var model = OnnxModelDescriptor.Open(ModelSource.FromBytes(OnnxWriter.ToBytes(probe.Build()), probe.Name));
            if (device.Evaluate(model) is { Level: not DeviceSupportLevel.Full } support) return new ProbeOutcome([], support.Reason ?? "the device does not run it");
            await using var session = await device.OpenSessionAsync(model, new DeviceSessionOptions { Threads = probe.Threads }, cancellationToken).ConfigureAwait(false);
            foreach (var point in probe.Points)
            {
                if (mustStop()) return new ProbeOutcome(figures.ToImmutable(), OutOfTime);
                figures.Add(await TimeAsync(session, probe, point, mustStop, cancellationToken).ConfigureAwait(false));
            }

            return new ProbeOutcome(figures.ToImmutable(), Problem: null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not RequestRejectedException)
        {
            // A device that cannot do something gives its other figures.
            return new ProbeOutcome(figures.ToImmutable(), exception.Message);
        }
    }

    private async Task<ProbeFigure> TimeAsync(IDeviceSession session, Probe probe, ProbePoint point, Func<bool> mustStop, CancellationToken cancellationToken)
    {
        using var tensors = await ProbeTensors.CreateAsync(session, point.Rows, cancellationToken).ConfigureAwait(false);
        using var binding = session.CreateBinding();
        tensors.Bind(binding, bindsOutputs: !probe.LetsSessionAllocate);
        var series = new SampleSeries(probe.Sampling);
        using (await turns.TakeAsync(cancellationToken).ConfigureAwait(false)) await RunAsync(binding, probe, cancellationToken).ConfigureAwait(false);
        while (!series.IsDone && !(series.HasResult && mustStop()))
        {
            var runs = series.RunsOfNextWindow;
            using var cores = await turns.TakeAsync(cancellationToken).ConfigureAwait(false);
            var before = clock.Now;
            for (var run = 0; run < runs; run++) await RunAsync(binding, probe, cancellationToken).ConfigureAwait(false);
            series.Add(runs, TimeSpan.FromTicks(clock.Now - before));
        }

        return new ProbeFigure(probe, point, series.Typical, series.Median, series.Best, series.IsSettled);
    }

    private static async ValueTask RunAsync(ISessionBinding binding, Probe probe, CancellationToken cancellationToken)
    {
        await binding.RunAsync(cancellationToken).ConfigureAwait(false);
        if (probe.LetsSessionAllocate) binding.GetOutput(0).Dispose();
    }
}
