using EdgeAI.Devices;
using EdgeAI.Onnx;
using EdgeAI.Scheduling;

namespace EdgeAI.Evaluation;

/// <summary>Loads a device for a minute with products that compute and products that read, in turns.</summary>
internal static class SustainedLoad
{
    private const int Width = 2048;
    private const int ComputingRows = 128;
    private const int ReadingRuns = 4;
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(0.5);

    /// <summary>The ratio; <see langword="null"/> with the reason where the device does not run the load to its end.</summary>
    public static async Task<(double? Ratio, string? Problem)> RunAsync(IDevice device, int threads, DeviceTurns turns, Clock clock, CancellationToken cancellationToken)
    {
        try
        {
            using var model = OnnxModelDescriptor.Open(ModelSource.FromBytes(OnnxWriter.ToBytes(ProbeGraphs.Products(Width, matrices: 2)), "sustained load"));
            await using var session = await device.OpenSessionAsync(model, new DeviceSessionOptions { Threads = threads }, cancellationToken).ConfigureAwait(false);
            using var computing = await ProbeTensors.CreateAsync(session, ComputingRows, cancellationToken).ConfigureAwait(false);
            using var reading = await ProbeTensors.CreateAsync(session, rows: 1, cancellationToken).ConfigureAwait(false);
            using var binding = session.CreateBinding();
            var rate = new SustainedRate();
            var started = clock.Now;
            while (!rate.IsDone)
            {
                var ran = 0L;
                var rounds = 0;
                while (ran < _window.Ticks)
                {
                    using var cores = await turns.TakeAsync(cancellationToken).ConfigureAwait(false);
                    var before = clock.Now;
                    computing.Bind(binding);
                    await binding.RunAsync(cancellationToken).ConfigureAwait(false);
                    reading.Bind(binding);
                    for (var run = 0; run < ReadingRuns; run++) await binding.RunAsync(cancellationToken).ConfigureAwait(false);
                    ran += clock.Now - before;
                    rounds++;
                }

                rate.Add(TimeSpan.FromTicks(clock.Now - started), rounds / TimeSpan.FromTicks(ran).TotalSeconds);
            }

            return (rate.Ratio, null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not RequestRejectedException)
        {
            return (null, exception.Message);
        }
    }
}
