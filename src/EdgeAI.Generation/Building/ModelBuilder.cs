using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>
/// Builds decoders for text generation: a folder with <c>model.onnx</c>, its weights, <c>genai_config.json</c> and the tokenizer's files, which
/// ONNX Runtime GenAI reads too. Weights are quantised while they are written: a model of any size needs little memory. All members are thread-safe.
/// </summary>
public static class ModelBuilder
{
    private const string ModelFile = "model.onnx";
    private const int DataAlignment = 4096;
    private const int DataThreshold = 1024;

    /// <summary>Builds a model. It appears under its name only when it is complete; if anything fails or is cancelled, nothing is left behind and an earlier build stays.</summary>
    /// <param name="source">A folder in Hugging Face's form, a <c>.gguf</c> file, or <c>synthetic:NAME</c> for a named shape with random weights.</param>
    /// <param name="outputFolder">The model's folder: a new one, an empty one, or an earlier build, which is replaced.</param>
    /// <param name="options">How to build; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Told how far it is, up to a thousand times, on the thread that writes.</param>
    /// <param name="cancellationToken">Ends the build within some milliseconds.</param>
    /// <exception cref="ModelLoadException">The source is missing, damaged, of an architecture that is not supported, or its weights do not fit its configuration: names every problem.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NoCompatibleDeviceException">A cache of 8 bits is asked for, and ONNX Runtime's native library, which measures its scales, is missing or of another version.</exception>
    /// <exception cref="IOException">The output folder holds something else, the disk is full, or a file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<ModelBuildReport> BuildAsync(
        string source, string outputFolder, ModelBuildOptions? options = null, IProgress<ModelBuildProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        ArgumentException.ThrowIfNullOrWhiteSpace(outputFolder);
        using var checkpoint = Checkpoint.Open(source);
        return await BuildAsync(checkpoint, outputFolder, options ?? ModelBuildOptions.Default, progress, TimeProvider.System, cancellationToken).ConfigureAwait(false);
    }

    internal static async Task<ModelBuildReport> BuildAsync(ICheckpoint checkpoint, string outputFolder, ModelBuildOptions options, IProgress<ModelBuildProgress>? progress, TimeProvider time, CancellationToken cancellationToken)
    {
        ModelBuildOptionsValidator.Validate(options);
        return await Task.Run(() => Build(checkpoint, outputFolder, options, new BuildTracker(progress, cancellationToken), time), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<ModelBuildReport> Build(ICheckpoint checkpoint, string outputFolder, ModelBuildOptions options, BuildTracker tracker, TimeProvider time)
    {
        var start = time.GetTimestamp();
        var config = DecoderConfigReader.Read(checkpoint.Configuration, checkpoint.Location, options.ContextLength);
        var weights = WeightReader.Read(checkpoint, config);
        var formats = new ProjectionFormats(options, tracker);
        var model = DecoderGraph.Build(config, weights, formats);

        using var folder = OutputFolder.Begin(outputFolder);
        OnnxWriter.Write(model, Path.Combine(folder.TemporaryPath, ModelFile), new OnnxWriterOptions { ExternalDataThreshold = DataThreshold, ExternalDataAlignment = DataAlignment });
        File.WriteAllBytes(Path.Combine(folder.TemporaryPath, GenAIConfig.FileName), GenAIConfig.Write(config, checkpoint, ModelFile));
        checkpoint.WriteTokenizerFiles(folder.TemporaryPath);
        if (options.KeyValueCache == KeyValueCacheType.Int8) await QuantizeCacheAsync(folder.TemporaryPath, config, checkpoint, options, tracker.CancellationToken).ConfigureAwait(false);
        tracker.CancellationToken.ThrowIfCancellationRequested();
        folder.Complete(Facts(checkpoint, options));

        return new ModelBuildReport
        {
            Output = Path.TrimEndingDirectorySeparator(Path.GetFullPath(outputFolder)),
            Family = config.Family,
            Parameters = checkpoint.Weights.Values.Sum(weight => weight.Rows * weight.Columns),
            WeightBytes = model.Graph.Initializers.Select(tensor => tensor.Data).Distinct().Sum(data => data.Length),
            Precision = options.Precision,
            WeightError = formats.WeightError,
            KeyValueCache = options.KeyValueCache,
            CacheBytesPerToken = 2L * config.LayerCount * config.KeyValueHeadCount * config.Heads.Size * (options.KeyValueCache == KeyValueCacheType.Int8 ? sizeof(sbyte) : sizeof(float)),
            Elapsed = time.GetElapsedTime(start),
            PeakMemoryBytes = PeakMemory(),
        };
    }

    /// <summary>Measures what keys and values reach in the model as it has been written, and writes its graph again, around the same weights, with a cache of 8-bit codes.</summary>
    private static async Task QuantizeCacheAsync(string folder, DecoderConfig config, ICheckpoint checkpoint, ModelBuildOptions options, CancellationToken cancellationToken)
    {
        var calibration = new CacheCalibration(config, GenAIConfig.BeginOfSequence(checkpoint), options.CalibrationFile);
        var scales = await calibration.MeasureAsync(folder, options.Threads ?? Environment.ProcessorCount, cancellationToken).ConfigureAwait(false);
        var path = Path.Combine(folder, ModelFile);
        using var model = OnnxReader.Read(path);
        OnnxWriter.WriteAroundExternalData(QuantizedCache.Apply(model, scales), path);
    }

    private static JsonObject Facts(ICheckpoint checkpoint, ModelBuildOptions options) => new()
    {
        ["source"] = Path.GetFileName(Path.TrimEndingDirectorySeparator(checkpoint.Location)),
        ["precision"] = options.Precision.ToString().ToLower(CultureInfo.InvariantCulture),
        ["key_value_cache"] = options.KeyValueCache.ToString().ToLower(CultureInfo.InvariantCulture),
    };

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
