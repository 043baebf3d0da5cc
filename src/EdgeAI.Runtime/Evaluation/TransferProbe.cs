using EdgeAI.Devices;
using EdgeAI.Onnx;
using EdgeAI.Scheduling;

namespace EdgeAI.Evaluation;

/// <summary>Times copies from the host to a device whose memory the host cannot reach.</summary>
internal static class TransferProbe
{
    private const int SmallFloats = (64 << 10) / sizeof(float);
    private const int LargeFloats = (32 << 20) / sizeof(float);

    /// <summary>The rate and the fixed cost of a copy; nothing where none is needed, nothing and the reason where it failed.</summary>
    public static async Task<TransferFigures> RunAsync(IDevice device, DeviceTurns turns, Clock clock, CancellationToken cancellationToken)
    {
        try
        {
            using var model = OnnxModelDescriptor.Open(ModelSource.FromBytes(OnnxWriter.ToBytes(ProbeGraphs.Chain(nodes: 1)), "transfer"));
            if (device.Evaluate(model) is { Level: not DeviceSupportLevel.Full } support) return new TransferFigures(null, null, support.Reason);
            await using var session = await device.OpenSessionAsync(model, new DeviceSessionOptions(), cancellationToken).ConfigureAwait(false);
            if (session.Memory.IsHostAccessible) return new TransferFigures(null, null, null);
            var small = await TimeAsync(session.Memory, SmallFloats, turns, clock, cancellationToken).ConfigureAwait(false);
            var large = await TimeAsync(session.Memory, LargeFloats, turns, clock, cancellationToken).ConfigureAwait(false);

            // What more bytes add, or all of the large copy where the small one was no quicker.
            var bytesPerSecond = large > small ? sizeof(float) * (double)(LargeFloats - SmallFloats) / (large - small) : sizeof(float) * (double)LargeFloats / large;
            return new TransferFigures(bytesPerSecond, TimeSpan.FromSeconds(Math.Max(0, small - (sizeof(float) * SmallFloats / bytesPerSecond))), null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not RequestRejectedException)
        {
            return new TransferFigures(null, null, exception.Message);
        }
    }

    private static async Task<double> TimeAsync(IDeviceMemory memory, int floats, DeviceTurns turns, Clock clock, CancellationToken cancellationToken)
    {
        using var host = TensorValue.Create(ProbeNoise.Floats(floats, bound: 1), floats);
        using var there = ProbeTensors.Allocate(memory, TensorElementType.Float32, [floats]);
        var series = new SampleSeries(SamplingRules.Quick);
        while (!series.IsDone)
        {
            var runs = series.RunsOfNextWindow;
            using var cores = await turns.TakeAsync(cancellationToken).ConfigureAwait(false);
            var before = clock.Now;
            for (var run = 0; run < runs; run++) await memory.CopyAsync(host, there, cancellationToken).ConfigureAwait(false);
            series.Add(runs, TimeSpan.FromTicks(clock.Now - before));
        }

        return series.Typical;
    }
}
