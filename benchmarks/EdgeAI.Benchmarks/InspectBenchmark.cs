using System.Diagnostics;
using EdgeAI.Onnx;

namespace EdgeAI.Benchmarks;

/// <summary>
/// The tool's <c>inspect</c> on a model with 3 GB of external data, as whole processes: wall time and peak resident memory.
/// The model is written to the temporary folder first and deleted afterwards.
/// </summary>
internal static class InspectBenchmark
{
    private const int Tensors = 48;
    private const nint BytesEach = 64 << 20;

    public static int Run(string tool)
    {
        var folder = Directory.CreateTempSubdirectory("edgeai-inspect-");
        try
        {
            var model = Path.Combine(folder.FullName, "large.onnx");
            WriteModel(model);
            Measure(tool, model);
            var runs = Enumerable.Range(0, 9).Select(_ => Measure(tool, model)).ToArray();
            Console.WriteLine($"inspect of {Tensors * (long)BytesEach / (double)(1 << 30):F1} GB: median {Statistics.Median(runs.Select(r => r.Seconds)):F3} s wall, {Statistics.Median(runs.Select(r => r.PeakMegabytes)):F1} MB peak (9 runs of the whole process)");
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void WriteModel(string path)
    {
        var side = (nint)Math.Sqrt(BytesEach / sizeof(float));
        var weights = new OnnxTensor[Tensors];
        var nodes = new OnnxNode[Tensors];
        for (var i = 0; i < Tensors; i++)
        {
            weights[i] = OnnxTensor.Create($"w{i}", TensorElementType.Float32, OnnxTensorData.FromWriter(BytesEach, WriteZeros), side, side);
            nodes[i] = new OnnxNode("MatMul", [i == 0 ? "x" : $"h{i}", $"w{i}"], [i == Tensors - 1 ? "y" : $"h{i + 1}"]);
        }

        var model = new OnnxModel(
            new OnnxGraph(
                "large",
                [.. nodes],
                [OnnxValueInfo.Tensor("x", TensorElementType.Float32, "batch", side)],
                [OnnxValueInfo.Tensor("y", TensorElementType.Float32, "batch", side)],
                [.. weights]),
            new OnnxOpsetImport("", 17));
        OnnxWriter.Write(model, path, new OnnxWriterOptions { ExternalDataThreshold = 1024 });
    }

    private static void WriteZeros(Stream stream)
    {
        var zeros = new byte[1 << 20];
        for (nint written = 0; written < BytesEach; written += zeros.Length) stream.Write(zeros);
    }

    private static (double Seconds, double PeakMegabytes) Measure(string tool, string model)
    {
        var start = new ProcessStartInfo("dotnet", [tool, "inspect", model, "--json"]) { RedirectStandardOutput = true };
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        var peak = 0L;
        while (!process.HasExited)
        {
            try
            {
                process.Refresh();
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                break;
            }

            process.WaitForExit(2);
        }

        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"inspect ended with {process.ExitCode}.");
        return (Stopwatch.GetElapsedTime(started).TotalSeconds, peak / 1048576.0);
    }
}
