using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Benchmarks;

/// <summary>Loads, runs and unloads a model again and again, and tells how resident memory grows after the first fifty.</summary>
internal static class LoadCycles
{
    public static async Task RunAsync(int cycles)
    {
        var services = new ServiceCollection();
        services.AddEdgeAI(options => options.Cache = MeasurementCache.Off).AddCpu();
        await using var provider = services.BuildServiceProvider();
        var engine = provider.GetRequiredService<IInferenceEngine>();
        var source = ModelSource.FromBytes(BenchmarkModels.Dense(512, 4), "dense 512 x 4");
        using var tensor = TensorValue.Create(new float[512], 1, 512);
        var afterFifty = 0L;
        for (var cycle = 1; cycle <= cycles; cycle++)
        {
            await using (var model = await engine.LoadModelAsync(source))
            {
                using var response = await model.RunAsync(new InferenceRequest { ["x"] = tensor });
            }

            if (cycle == 50) afterFifty = ResidentBytes();
            if (cycle % (cycles / 10) == 0 || cycle == 50) Console.WriteLine($"after {cycle,5} cycles: {ResidentBytes() / 1048576.0,8:F1} MB resident");
        }

        Console.WriteLine($"growth after the first 50: {(ResidentBytes() - afterFifty) / 1048576.0:F1} MB");
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
