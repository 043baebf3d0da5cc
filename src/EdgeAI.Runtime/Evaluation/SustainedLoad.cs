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
    public static async Task<(double? Ratio, string? Problem)> RunAsync(IDevice device, int threads, Clock clock, CancellationToken cancellationToken)
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
                var before = clock.Now;
                var turns = 0;
                while (clock.Now - before < _window.Ticks)
                {
                    computing.Bind(binding);
                    await binding.RunAsync(cancellationToken).ConfigureAwait(false);
                    reading.Bind(binding);
                    for (var run = 0; run < ReadingRuns; run++) await binding.RunAsync(cancellationToken).ConfigureAwait(false);
                    turns++;
                }

                rate.Add(TimeSpan.FromTicks(clock.Now - started), turns / TimeSpan.FromTicks(clock.Now - before).TotalSeconds);
            }

            return (rate.Ratio, null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, exception.Message);
        }
    }
}
